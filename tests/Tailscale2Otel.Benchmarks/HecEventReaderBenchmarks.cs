using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Benchmarks.Load;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks;

/// <summary>Finding the records of a body as Tailscale sends it: 100 flow records of 10 connections, 1.4 KB each, no separators.</summary>
[MemoryDiagnoser]
public class HecEventReaderBenchmarks
{
    const int Records = LoadBody.Records;

    static readonly HecLimits Limits = HecLimits.From(new HecOptions());

    readonly byte[] _body = new LoadBody(0, LoadTraffic.Default).Bytes;

    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public int Read()
    {
        using var found = new HecRecords();
        return HecEventReader.Read(_body, Limits, found).IsSound ? found.Count : throw new InvalidOperationException("The body is sound");
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long ReadIntoAppend()
    {
        using var found = new HecRecords();
        using var append = new SpoolAppend();
        _ = HecEventReader.Read(_body, Limits, found);
        return HecAppendWriter.TryWrite(_body, found, HecQuery.Empty, Limits, new HecOrigin("example.com", 1), append) ? append.Bytes : throw new InvalidOperationException("The records fit");
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int BareJsonReader()
    {
        var reader = new Utf8JsonReader(_body, new JsonReaderOptions { AllowMultipleValues = true });
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }
}
