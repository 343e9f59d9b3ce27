using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>Evictions come one a record at full load: they are fields that the instruments read at collection.</summary>
sealed class DeduplicationMetrics
{
    readonly Counter<long> _hits;
    long _evictedByCount;
    long _evictedByAge;
    long _size;

    public DeduplicationMetrics(Meter meter, int capacity)
    {
        _hits = meter.CreateCounter<long>("tailscale2otel.dedup.hits", "1", "Records suppressed as already seen");
        _ = meter.CreateObservableCounter("tailscale2otel.dedup.evictions", Evictions, "1", "Keys that left the window");
        _ = meter.CreateObservableGauge("tailscale2otel.dedup.size", () => Volatile.Read(ref _size), "1", "Keys currently held");
        _ = meter.CreateObservableGauge("tailscale2otel.dedup.capacity", () => (long)capacity, "1", "Keys that can be held");
    }

    public void Hit(string set) => _hits.Add(1, new KeyValuePair<string, object?>("dedup.set", set));

    public void EvictedByCount() => Volatile.Write(ref _evictedByCount, _evictedByCount + 1);

    public void EvictedByAge() => Volatile.Write(ref _evictedByAge, _evictedByAge + 1);

    public void Holds(int keys) => Volatile.Write(ref _size, keys);

    IEnumerable<Measurement<long>> Evictions() =>
    [
        new(Volatile.Read(ref _evictedByCount), new KeyValuePair<string, object?>("reason", "count")),
        new(Volatile.Read(ref _evictedByAge), new KeyValuePair<string, object?>("reason", "age")),
    ];
}
