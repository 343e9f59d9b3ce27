using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks.Durability;

/// <summary>Opens a large spool of undelivered records after an orderly stop, and after one that nothing was noted of.</summary>
static class StartMeasure
{
    const int RecordsInRequest = 1000;
    const int PayloadBytes = 1400;

    public static async IAsyncEnumerable<SpoolStart> RunAsync(string directory, long bytes)
    {
        await FillAsync(directory, bytes);
        yield return await OpenAsync(directory, "an orderly stop");

        // What the cursor file says while a daemon runs: the state that a kill leaves.
        var cursors = Path.Combine(directory, "cursors");
        byte[] running;
        await using (Open(directory))
            running = await File.ReadAllBytesAsync(cursors);
        await File.WriteAllBytesAsync(cursors, running);
        yield return await OpenAsync(directory, "a kill");
        Directory.Delete(directory, recursive: true);
    }

    static async Task FillAsync(string directory, long bytes)
    {
        var payload = new byte[PayloadBytes];
        new Random(1).NextBytes(payload);
        await using var spool = Open(directory);
        while (spool.End.Value < bytes)
        {
            using var append = new SpoolAppend();
            for (var i = 0; i < RecordsInRequest; i++)
                append.Add(RecordSource.Stream, RecordSignal.Flow, "example.com", 1, default, payload);
            if ((await spool.AppendAsync(append, CancellationToken.None)).Outcome != AppendOutcome.Durable)
                throw new InvalidOperationException($"The spool refuses: {spool.State.Problem}");
        }
    }

    static async Task<SpoolStart> OpenAsync(string directory, string after)
    {
        var files = Directory.GetFiles(directory, "*.seg");
        var (read, start) = (BytesRead(), TimeProvider.System.GetTimestamp());
        await using var spool = Open(directory);
        return new SpoolStart(files.Sum(f => new FileInfo(f).Length), files.Length, after, TimeProvider.System.GetElapsedTime(start), BytesRead() - read);
    }

    static DiskSpool Open(string directory) => DiskSpool.Open(
        new SpoolOptions { Directory = directory, MaxBytes = long.MaxValue / 4, Sync = SpoolSync.Never }, TimeProvider.System, new Meter("durability"), NullLogger.Instance);

    /// <summary>proc(5), /proc/pid/io: bytes that read calls returned, from the disk or from memory.</summary>
    static long BytesRead() => long.Parse(File.ReadLines("/proc/self/io").First().Split(' ')[1], CultureInfo.InvariantCulture);
}
