using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks.Durability;

/// <summary>A deduplication window that is filled as the grinder does it, and loaded by the next start.</summary>
static class WindowMeasure
{
    public static WindowCost Run(string directory, int keys)
    {
        var options = new DeduplicationOptions { MaxKeys = keys };
        var window = Open(options, directory);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0L; i < keys; i++)
            _ = window.TryClaim(new ContentKey((ulong)i, (ulong)i * 0x9E3779B97F4A7C15), new SpoolPosition(i), 0);
        window.Seal();
        var claim = TimeProvider.System.GetElapsedTime(start);
        var onDisk = Directory.GetFiles(directory).Sum(f => new FileInfo(f).Length);

        start = TimeProvider.System.GetTimestamp();
        var loaded = Open(options, directory);
        var load = TimeProvider.System.GetElapsedTime(start);
        if (loaded.Count != keys)
            throw new InvalidOperationException($"{loaded.Count} of {keys} keys were loaded.");
        Directory.Delete(directory, recursive: true);
        return new WindowCost(loaded.Memory, onDisk, claim, load);
    }

    static DeduplicationWindow Open(DeduplicationOptions options, string directory) => DeduplicationWindow.Open(
        options, new GenerationFiles(directory, DirectorySync.Flush, NullLogger.Instance), new DeduplicationCounts("flow", options.MaxKeys), NullLogger.Instance);
}
