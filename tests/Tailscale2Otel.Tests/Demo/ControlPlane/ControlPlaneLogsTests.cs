using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

/// <summary>What the simulated tailnet logged, as it is polled: the same events as are streamed.</summary>
[TestFixture]
public sealed class ControlPlaneLogsTests
{
    const int Records = 150;

    [Test]
    public async Task A_flow_record_that_is_polled_is_the_one_that_was_streamed()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var streamed = Log(host, tailnet => tailnet.NextFlow(host.Time.GetUtcNow()));
        var polled = await host.LogsAsync("network", "2026-07-27T12:00:00Z", "2026-07-27T12:02:00Z");
        using var bench = new FlowBench { ReceivedAt = UnixTime.Nanoseconds(host.Time.GetUtcNow()), Source = RecordSource.Stream };

        foreach (var (payload, metadata) in streamed)
        {
            bench.Metadata = metadata;
            Assert.That(bench.Process(payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        }

        (bench.Metadata, bench.Source) = ("", RecordSource.Poll);
        Assert.That(polled, Has.Length.EqualTo(Records));
        Assert.That(polled.Select(record => bench.Process(record).Outcome), Is.All.EqualTo(ProcessOutcome.Duplicate));
    }

    [Test]
    public async Task An_audit_record_that_is_polled_is_the_one_that_was_streamed()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var streamed = Log(host, tailnet =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(7));
            return tailnet.NextAudit(host.Time.GetUtcNow());
        });
        var polled = await host.LogsAsync("configuration", "2026-07-27T12:00:00Z", "2026-07-27T12:02:00Z");
        using var meter = new Meter("test");
        var logs = new CollectingLogWriter();
        var processor = new AuditProcessor(new DeduplicationWindow(), new AuditMetrics(meter, NullLogger<AuditMetrics>.Instance), new UnreadableTimeMetric(meter));
        var position = 0L;
        ProcessOutcome Process(string payload, string metadata, RecordSource source) => processor.Process(
            new RawRecord
            {
                Position = new SpoolPosition(++position),
                Next = new SpoolPosition(position + 1),
                Source = source,
                Signal = RecordSignal.Audit,
                Tailnet = NodeFactory.Domain,
                ReceivedAt = UnixTime.Nanoseconds(host.Time.GetUtcNow()),
                Metadata = Encoding.UTF8.GetBytes(metadata),
                Payload = Encoding.UTF8.GetBytes(payload),
            },
            logs,
            RecordPass.Deliver | RecordPass.Count).Outcome;

        Assert.That(streamed.Select(s => Process(s.Payload, s.Metadata, RecordSource.Stream)), Is.All.EqualTo(ProcessOutcome.Mapped));
        Assert.That(polled, Has.Length.EqualTo(Records));
        Assert.That(polled.Select(record => Process(record, "", RecordSource.Poll)), Is.All.EqualTo(ProcessOutcome.Duplicate));
    }

    [Test]
    public async Task A_record_without_its_time_cannot_be_found_and_is_not_taken()
    {
        await using var host = await ControlPlaneHost.StartAsync();

        Assert.That(() => host.Server.Logs.Add(LogType.Network, """{"eventTime":"2026-07-27T12:00:00Z"}"""u8.ToArray()), Throws.InstanceOf<FormatException>());
        Assert.That(() => host.Server.Logs.Add(LogType.Configuration, """{"eventTime":"noon"}"""u8.ToArray()), Throws.InstanceOf<FormatException>());
        Assert.That(host.Server.Logs[LogType.Network].Count, Is.Zero);
    }

    [Test]
    public async Task Writers_and_readers_do_not_disturb_each_other()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var tailnet = ControlPlaneHost.Tailnet(seed);
            for (var i = 0; i < 200; i++)
                host.Server.Logs.Add(tailnet.NextFlow(host.Time.GetUtcNow()));
        })));
        while (!writing.IsCompleted)
            await host.LogsAsync("network", "2026-07-27T12:00:00Z", "2026-07-27T12:02:00Z");
        await writing;

        Assert.That(await host.LogsAsync("network", "2026-07-27T12:00:00Z", "2026-07-27T12:02:00Z"), Has.Length.EqualTo(800));
    }

    /// <summary>Logs records and gives them back as the stream carries them.</summary>
    static List<(string Payload, string Metadata)> Log(ControlPlaneHost host, Func<SimulatedTailnet, SimulatedRecord> next)
    {
        var tailnet = ControlPlaneHost.Tailnet();
        var streamed = new List<(string, string)>();
        for (var i = 0; i < Records; i++)
        {
            var record = next(tailnet);
            host.Server.Logs.Add(record);
            var body = new ArrayBufferWriter<byte>();
            record.WriteStream(body);
            var envelope = JsonElement.Parse(body.WrittenSpan);
            streamed.Add((envelope.GetProperty("event").GetRawText(), $"{{\"time\":{envelope.GetProperty("time").GetRawText()},\"fields\":{envelope.GetProperty("fields").GetRawText()}}}"));
        }

        return streamed;
    }
}
