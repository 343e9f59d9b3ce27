using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Benchmarks.Load;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Benchmarks;

/// <summary>The content key of a decoded flow record of ten connections: their canonical order, and the hash over it.</summary>
[MemoryDiagnoser]
public class FlowKeyBenchmarks
{
    readonly byte[] _payload = FirstRecord();
    readonly FlowRecord _record = new();
    readonly RowOrder _order = new();
    readonly FlowKey _key = new();

    [GlobalSetup]
    public void Decode()
    {
        if (FlowDecoder.Decode(_payload, _record) != FlowDecodeError.None)
            throw new InvalidOperationException("The record is sound");
    }

    [Benchmark]
    public int Order() => _order.Sort(_record)[0];

    [Benchmark]
    public ulong OrderAndHash()
    {
        _key.Fingerprint(_record);
        return _key.Compute(_record, _record.Text(_payload), _order.Sort(_record), "example.com").Low;
    }

    static byte[] FirstRecord()
    {
        var body = new LoadBody(0, LoadTraffic.Default).Bytes;
        using var records = new HecRecords();
        _ = HecEventReader.Read(body, HecLimits.From(new HecOptions()), records);
        return body.AsSpan(records.Items[0].Start, records.Items[0].Length).ToArray();
    }
}
