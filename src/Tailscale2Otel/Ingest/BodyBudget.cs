namespace Tailscale2Otel.Ingest;

/// <summary>How much memory all bodies together may take. Thread-safe.</summary>
sealed class BodyBudget(long bytes)
{
    long _used;

    public long Used => Volatile.Read(ref _used);

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _used, count) <= bytes)
            return true;

        Interlocked.Add(ref _used, -count);
        return false;
    }

    /// <summary>For memory that is already taken and must be counted, whether it fits or not.</summary>
    public void Take(long count) => Interlocked.Add(ref _used, count);

    public void Give(long count) => Interlocked.Add(ref _used, -count);
}
