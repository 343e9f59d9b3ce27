using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Tests.Export.Otlp.Wire;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>What the daemon's own parts, put together as it does, make of the samples: read from the OTLP that they write.</summary>
static class LogEvents
{
    /// <summary>After the samples happened, and long enough for a webhook event to come late.</summary>
    static readonly DateTimeOffset Now = new(2026, 7, 27, 13, 0, 0, TimeSpan.Zero);

    static readonly HashSet<string> WebhookNames = [.. WebhookTypes.Documented.Append(WebhookTypes.Other).Select(t => t.EventName.Text)];

    /// <summary>Both modes of flow logs, and both ways out: as the daemon sends and as what is sent again.</summary>
    public static async Task<IReadOnlyList<LogEvent>> SeenAsync()
    {
        var events = new SortedDictionary<string, LogEvent>(StringComparer.Ordinal);
        foreach (var (mode, isReplayed) in new[] { ("per_connection", false), ("per_record", true) })
        {
            foreach (var record in await SendAsync(mode, isReplayed))
            {
                var name = NameOf(record.EventName);
                if (!events.TryGetValue(name, out var seen))
                    events.Add(name, seen = new LogEvent(name));
                seen.Add(record, mode);
            }
        }

        return [.. events.Values];
    }

    /// <summary>The pattern in place of a name that only the sender knows.</summary>
    static string NameOf(string eventName)
    {
        var pattern = LogAttributes.WebhookEvent.Text;
        return eventName.StartsWith(pattern[..pattern.IndexOf('<', StringComparison.Ordinal)], StringComparison.Ordinal) && !WebhookNames.Contains(eventName) ? pattern : eventName;
    }

    static async Task<IReadOnlyList<LogRecord>> SendAsync(string mode, bool isReplayed)
    {
        using var folder = new TemporaryFolder();
        using var meter = new Meter("test");
        await using var services = new ServiceCollection()
            .AddDaemon(DaemonVariables.Load(
                folder.Path, ("TAILSCALE__TAILNET", "example.com"), ("WEBHOOK__DEDUP_AUDIT_EVENTS", "true"), ("COLLECTORS__FLOWLOGS__LOG_MODE", mode)))
            .AddLogging()
            .AddSingleton(meter)
            .AddSingleton<TimeProvider>(new ManualTime(Now))
            .BuildServiceProvider();
        using var batch = (LogsWriter)services.GetRequiredService<ILogExporter>().Rent();
        var replayed = new ReplayedLogWriter();
        replayed.Turn(batch, 0);
        var position = 0L;
        foreach (var sample in LogEventSample.All)
        {
            var record = new RawRecord
            {
                Position = new SpoolPosition(position),
                Next = new SpoolPosition(++position),
                Source = sample.Source,
                Signal = sample.Signal,
                Tailnet = "example.com",
                ReceivedAt = UnixTime.Nanoseconds(Now),
                Metadata = sample.Metadata,
                Payload = sample.Payload,
            };
            var result = services.GetRequiredService<TailnetSet>().Process(record, isReplayed ? replayed : batch, RecordPass.Deliver);
            Assert.That(result.Outcome, Is.EqualTo(ProcessOutcome.Mapped), result.Reason);
        }

        return LogsWire.Decode(batch);
    }
}
