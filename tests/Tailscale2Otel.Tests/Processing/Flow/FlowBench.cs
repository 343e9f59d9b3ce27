using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>A flow processor on the bench, with what it wrote and counted.</summary>
sealed class FlowBench : IDisposable
{
    /// <summary>2026-07-27T12:00:30Z, shortly after the fixtures were recorded.</summary>
    public const long Now = 1_785_153_630_000_000_000;

    readonly Meter _meter = new("test");
    readonly CollectedMeasurements _measurements;
    readonly FlowMetrics _metrics;
    readonly FlowProcessor _processor;
    long _position;

    public FlowBench(Action<FlowOptions>? options = null, Action<FlowDimensions>? dimensions = null)
    {
        var flow = new FlowOptions();
        options?.Invoke(flow);
        var cardinality = new FlowDimensions();
        dimensions?.Invoke(cardinality);
        _measurements = new CollectedMeasurements(_meter);
        _metrics = new FlowMetrics(_meter, cardinality, new CardinalityOptions());
        _processor = new FlowProcessor(flow, new DeduplicationWindow(), _metrics, new NodeNames(cardinality, Devices));
    }

    public CollectingLogWriter Logs { get; } = new();

    /// <summary>In the place of <see cref="Logs"/>, when set.</summary>
    public LogWriter? Writer { get; init; }

    public DeviceIndex Devices { get; } = new("", TimeProvider.System);

    public RecordPass Pass { get; set; } = RecordPass.Deliver | RecordPass.Count;

    public RecordSource Source { get; set; } = RecordSource.Poll;

    public string Tailnet { get; set; } = "";

    public long ReceivedAt { get; set; } = Now;

    public string Metadata { get; set; } = "";

    public ProcessResult Process(string payload) => Process(Encoding.UTF8.GetBytes(payload));

    public ProcessResult Process(byte[] payload) => ProcessAt(_position += 1000, payload);

    public ProcessResult ProcessAt(long position, byte[] payload)
    {
        var record = new RawRecord
        {
            Position = new SpoolPosition(position),
            Next = new SpoolPosition(position + 1000),
            Source = Source,
            Signal = RecordSignal.Flow,
            Tailnet = Tailnet,
            ReceivedAt = ReceivedAt,
            Metadata = Encoding.UTF8.GetBytes(Metadata),
            Payload = payload,
        };
        return _processor.Process(record, Writer ?? Logs, Pass);
    }

    /// <summary>What an instrument says, as <c>attributes: value</c>; nothing for zeros.</summary>
    public IEnumerable<string> Counted(string name)
    {
        _metrics.Freeze();
        return _measurements.Observe().Where(m => m.Name == name && m.Value != 0).Select(m => $"{m.Attributes}: {m.Value}");
    }

    public void Dispose()
    {
        _measurements.Dispose();
        _meter.Dispose();
    }

    /// <summary>The log records of one payload, alone.</summary>
    public List<CollectedRecord> Map(string payload)
    {
        var before = Logs.Records.Count;
        Assert.That(Process(payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        return Logs.Records[before..];
    }
}
