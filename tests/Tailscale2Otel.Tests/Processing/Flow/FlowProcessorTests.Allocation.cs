using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowProcessorTests
{
    [TestCase(0)]
    [TestCase(100_000)]
    public void Allocates_nothing_for_a_hundred_thousand_connections(int devices)
    {
        using var meter = new Meter("test");
        var dimensions = new FlowDimensions();
        var index = new DeviceIndex("", TimeProvider.System);
        index.Replace(SomeDevices.List([
            .. SomeDevices.Many(devices).Devices.Where(d => d.NodeId != "n1" && !d.Addresses.Contains("100.64.10.1")),
            .. devices == 0 ? [] : new[] { SomeDevices.Device("n1", "web-1.ts.net", "100.64.10.1") with { Tags = ["tag:b", "tag:a"] } }]));
        var processor = new FlowProcessor(
            new FlowOptions { TrustedReporterNodeIds = ["n9"], TrustedReporterTags = ["tag:a"] }, new DeduplicationWindow(), new FlowMetrics(meter, dimensions, new CardinalityOptions()), new NodeNames(dimensions, index));
        var logs = new CountingLogWriter();
        var metadata = Encoding.UTF8.GetBytes(FlowFixtures.Hec[0].Metadata);
        var payloads = Enumerable.Range(0, 1000).Select(Payload).ToArray();

        Run();
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 10; i++)
                Run();
        });

        Assert.That(logs.Count, Is.EqualTo(510_000));
        // A byte for each record would be ten thousand.
        Assert.That(allocated, Is.LessThan(1000));

        void Run()
        {
            for (var i = 0; i < payloads.Length; i++)
            {
                var record = new RawRecord
                {
                    Position = new SpoolPosition(i),
                    Next = new SpoolPosition(i + 1),
                    Source = RecordSource.Stream,
                    Signal = RecordSignal.Flow,
                    Tailnet = "example.com",
                    ReceivedAt = FlowBench.Now,
                    Metadata = metadata,
                    Payload = payloads[i],
                };
                if (processor.Process(record, logs, RecordPass.Deliver | RecordPass.Count).Outcome != ProcessOutcome.Mapped)
                    Assert.Fail("not mapped");
            }
        }
    }

    /// <summary>Rows out of order, nodes, a tag to sort and an escape: every path that could allocate.</summary>
    static byte[] Payload(int number)
    {
        var rows = string.Join(',', Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"proto":6,"src":"100.64.10.1:{{9 - i + 40_000}}","dst":"[fd7a:115c:a1e0::{{i + 1}}]:443","txBytes":{{number}},"rxPkts":"1"}""")));
        return Encoding.UTF8.GetBytes(
            $$"""{"nodeId":"n1","start":"2026-07-27T12:00:00.{{number:d9}}Z","srcNode":{"nodeId":"n1","name":"web\u002d1.ts.net","addresses":["100.64.10.1"],"tags":["tag:b","tag:a"]},"virtualTraffic":[{{rows}}]}""");
    }

    sealed class CountingLogWriter : LogWriter
    {
        public int Count { get; private set; }

        public override void Begin(in LogHeader header)
        {
        }

        public override void Body(ReadOnlySpan<byte> utf8)
        {
        }

        public override void JsonBody(ReadOnlySpan<byte> json)
        {
        }

        public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
        {
        }

        public override void Add(Utf8Name key, long value)
        {
        }

        public override void Add(Utf8Name key, double value)
        {
        }

        public override void Add(Utf8Name key, bool value)
        {
        }

        public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
        {
        }

        public override void End() => Count++;
    }
}
