using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Benchmarks;

/// <summary>A full window of a million keys: a new key (which evicts the oldest), a known one, and the memory it all takes.</summary>
[MemoryDiagnoser]
public class DeduplicationBenchmarks
{
    const int Keys = 1_000_000;
    const int Claims = 100_000;

    DeduplicationWindow _window = null!;
    ulong _next;

    [GlobalSetup]
    public void Fill()
    {
        _window = new DeduplicationWindow();
        for (_next = 0; _next < Keys; _next++)
            _ = _window.TryClaim(KeyOf(_next), new SpoolPosition((long)_next), 0);
        Console.WriteLine($"// {(double)_window.Memory / Keys:F1} bytes per key");
    }

    [Benchmark(OperationsPerInvoke = Claims)]
    public int ClaimNew()
    {
        var claimed = 0;
        for (var i = 0; i < Claims; i++, _next++)
            claimed += _window.TryClaim(KeyOf(_next), new SpoolPosition((long)_next), 0) ? 1 : 0;
        return claimed;
    }

    [Benchmark(OperationsPerInvoke = Claims)]
    public int FindDuplicate()
    {
        var found = 0;
        for (ulong i = 1; i <= Claims; i++)
            found += _window.TryClaim(KeyOf(_next - (i * 7)), new SpoolPosition(-1), 0) ? 0 : 1;
        return found;
    }

    static ContentKey KeyOf(ulong n) => new(n, n * 0x9E3779B97F4A7C15);
}
