using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Webhook;

/// <summary>A processor with what it needs, and the log records and counts that come of it.</summary>
sealed class WebhookFixture : IDisposable
{
    public const long ReceivedAt = 1_785_153_610_000_000_000;

    readonly MeterReadings _readings = new();
    readonly WebhookEventMetrics _metrics;
    readonly WebhookProcessor _processor;
    long _position;

    /// <param name="since">From when on the window knows everything.</param>
    public WebhookFixture(long since = 0, DeduplicationWindow? window = null, SharedChanges? changes = null)
    {
        window ??= new DeduplicationWindow();
        _metrics = new WebhookEventMetrics(_readings.Meter);
        using var logging = new LoggerFactory([Log]);
        _processor = new WebhookProcessor(window, new WindowMemory(window, since, TimeSpan.FromHours(26)), changes, _metrics, logging.CreateLogger<WebhookProcessor>());
    }

    public CollectingLogWriter Logs { get; } = new();

    public CollectingLogger Log { get; } = new();

    public ProcessResult Process(
        [StringSyntax(StringSyntaxAttribute.Json)] string payload, string metadata = """{"t":1785153605}""", string tailnet = "", long receivedAt = ReceivedAt,
        RecordPass pass = RecordPass.Deliver | RecordPass.Count, long? position = null)
    {
        var place = position ?? ++_position;
        var record = new RawRecord
        {
            Position = new SpoolPosition(place),
            Next = new SpoolPosition(place + 1),
            Source = RecordSource.Webhook,
            Signal = RecordSignal.Webhook,
            Tailnet = tailnet,
            ReceivedAt = receivedAt,
            Metadata = Encoding.UTF8.GetBytes(metadata),
            Payload = Encoding.UTF8.GetBytes(payload),
        };
        return _processor.Process(record, Logs, pass);
    }

    /// <summary>Maps one event and gives its log record.</summary>
    public CollectedRecord Map([StringSyntax(StringSyntaxAttribute.Json)] string payload, string metadata = """{"t":1785153605}""", string tailnet = "", long receivedAt = ReceivedAt)
    {
        Assert.That(Process(payload, metadata, tailnet, receivedAt).Outcome, Is.EqualTo(ProcessOutcome.Mapped), payload);
        return Logs.Records[^1];
    }

    public SortedDictionary<string, long> Counts(string name)
    {
        _metrics.Freeze();
        return _readings.Observe(name);
    }

    public void Dispose() => _readings.Dispose();
}
