using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks;

/// <summary>100,000 flow records of 700 bytes read from the page cache; and what encoding one into an append costs.</summary>
[MemoryDiagnoser]
public class SpoolReadBenchmarks
{
    const int Records = 100_000;

    readonly byte[] _payload = new byte[700];
    readonly Meter _meter = new("benchmark");
    string _folder = "";
    DiskSpool _spool = null!;

    [GlobalSetup]
    public void FillSpool()
    {
        _folder = Directory.CreateTempSubdirectory("spool-bench-").FullName;
        new Random(1).NextBytes(_payload);
        var options = new SpoolOptions { Directory = _folder, Sync = SpoolSync.Never };
        _spool = DiskSpool.Open(options, TimeProvider.System, _meter, NullLogger.Instance);
        for (var i = 0; i < Records / 1000; i++)
        {
            using var batch = new SpoolAppend();
            Fill(batch, 1000);
            _ = _spool.AppendAsync(batch, default).AsTask().GetAwaiter().GetResult();
        }
    }

    [GlobalCleanup]
    public void Close()
    {
        _spool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Read()
    {
        using var reader = _spool.Read(SpoolPosition.Start);
        var bytes = 0L;
        while (reader.TryRead(out var record))
            bytes += record.Payload.Length;
        return bytes == Records * (long)_payload.Length ? bytes : throw new InvalidOperationException("Records are missing");
    }

    [Benchmark(OperationsPerInvoke = 1000)]
    public long Encode()
    {
        using var batch = new SpoolAppend();
        Fill(batch, 1000);
        return batch.Bytes;
    }

    void Fill(SpoolAppend batch, int records)
    {
        for (var i = 0; i < records; i++)
            batch.Add(RecordSource.Stream, RecordSignal.Flow, "example.com", i, default, _payload);
    }
}
