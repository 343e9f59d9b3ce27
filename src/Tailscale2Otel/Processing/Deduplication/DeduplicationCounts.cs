namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>Evictions come one a record at full load: plain fields of the one thread that grinds, read at collection.</summary>
sealed class DeduplicationCounts(string set, int capacity)
{
    long _evictedByCount;
    long _evictedByAge;
    long _size;
    long _damaged;

    public string Set => set;

    public long Capacity => capacity;

    public long EvictedByCount => Volatile.Read(ref _evictedByCount);

    public long EvictedByAge => Volatile.Read(ref _evictedByAge);

    public long Size => Volatile.Read(ref _size);

    public long Damaged => Volatile.Read(ref _damaged);

    public void EvictByCount() => Volatile.Write(ref _evictedByCount, _evictedByCount + 1);

    public void EvictByAge() => Volatile.Write(ref _evictedByAge, _evictedByAge + 1);

    public void Damage() => Volatile.Write(ref _damaged, _damaged + 1);

    public void Hold(int keys) => Volatile.Write(ref _size, keys);
}
