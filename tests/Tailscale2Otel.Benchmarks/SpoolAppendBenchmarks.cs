using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks;

/// <summary>One thousand appends of ten flow records each, from so many callers at once, on the disk of the temporary folder.</summary>
[MemoryDiagnoser]
public class SpoolAppendBenchmarks
{
    const int Appends = 1000;
    const int RecordsInAppend = 10;

    readonly byte[] _payload = new byte[700];
    readonly Meter _meter = new("benchmark");
    string _folder = "";
    DiskSpool _spool = null!;

    [Params(1, 16, 128)]
    public int Callers { get; set; }

    [Params("Always", "Never")]
    public string Sync { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("spool-bench-").FullName;
        new Random(1).NextBytes(_payload);
        var options = new SpoolOptions { Directory = _folder, Sync = Enum.Parse<SpoolSync>(Sync), MaxBytes = 256L * 1024 * 1024 };
        _spool = DiskSpool.Open(options, TimeProvider.System, _meter, NullLogger.Instance);
    }

    [GlobalCleanup]
    public void Close()
    {
        _spool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Appends * RecordsInAppend)]
    public async Task Record()
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(AppendShareAsync)));
        var end = _spool.End;
        await _spool.Cursors.DeliverAsync(end, default);
        await _spool.Cursors.CountAsync(end, default);
        await _spool.Cursors.KeyAsync(end, default);
    }

    async Task AppendShareAsync()
    {
        for (var i = 0; i < Appends / Callers; i++)
        {
            using var batch = new SpoolAppend();
            for (var r = 0; r < RecordsInAppend; r++)
                batch.Add(RecordSource.Stream, RecordSignal.Flow, "example.com", 1, default, _payload);
            if ((await _spool.AppendAsync(batch, default)).Outcome != AppendOutcome.Durable)
                throw new InvalidOperationException("The spool refuses");
        }
    }
}
