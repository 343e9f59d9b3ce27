using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Benchmarks;

/// <summary>One connection counted in every family; 4,096 different combinations in turn, all known.</summary>
[MemoryDiagnoser]
public class FlowMetricsBenchmarks
{
    const int Count = 4096;

    readonly byte[][] _nodes = [.. Enumerable.Range(0, 256).Select(i => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"node-{i * 2477 % 1000}.tail-example.ts.net")))];
    readonly FlowMetrics _rollup = New(new FlowDimensions());
    readonly FlowMetrics _both = New(new FlowDimensions { MetricsMode = MetricsMode.Both, IdentityDims = true, DestinationPort = true });
    int _next;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Count; i++)
        {
            Add(_rollup);
            Add(_both);
        }
    }

    [Benchmark(Baseline = true)]
    public void Rollup() => Add(_rollup);

    [Benchmark]
    public void BothWithIdentityAndPort() => Add(_both);

    [Benchmark]
    public void FreezeFourThousandCombinations()
    {
        for (var i = 0; i < Count; i++)
            Add(_rollup);
        _rollup.Freeze();
    }

    void Add(FlowMetrics metrics)
    {
        var i = _next = (_next + 1) % Count;
        metrics.Add(new FlowConnection
        {
            Type = TrafficType.Virtual,
            Transport = "tcp"u8,
            HasProtocol = true,
            SourceAddress = "100.64.10.1"u8,
            DestinationAddress = "100.64.10.2"u8,
            SourcePort = 50_000,
            DestinationPort = 5432,
            SourceNode = _nodes[i & 255],
            DestinationNode = _nodes[(i * 17 + (i >> 8)) & 255],
            Service = "postgresql"u8,
            SourceUser = "ada@example.com"u8,
            SourceOs = "macOS"u8,
            DestinationTags = "tag:db,tag:prod"u8,
            DestinationOs = "linux"u8,
            Reporter = "web-1"u8,
            TxBytes = 1000,
            RxBytes = 2000,
            TxPackets = 3,
            RxPackets = 4,
        });
    }

    static FlowMetrics New(FlowDimensions dimensions) => new(new Meter("benchmark"), dimensions, new CardinalityOptions());
}
