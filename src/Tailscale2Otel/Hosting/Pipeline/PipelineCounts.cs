namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>What became of the records that the grinder read and the backend's answers closed, since the process started.</summary>
sealed class PipelineCounts
{
    long _delivered;
    long _duplicates;
    long _deadLetters;
    long _dropped;
    long _logRecords;

    /// <summary>Records whose log records, if any, the backend accepted.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    public long Duplicates => Volatile.Read(ref _duplicates);

    public long DeadLetters => Volatile.Read(ref _deadLetters);

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Log records that the backend accepted; one record may become several.</summary>
    public long LogRecords => Volatile.Read(ref _logRecords);

    public long Closed => Delivered + Duplicates + DeadLetters + Dropped;

    public void Add(PendingBatch batch, int refusedRecords, long logRecords)
    {
        Interlocked.Add(ref _delivered, batch.Mapped - refusedRecords);
        Interlocked.Add(ref _duplicates, batch.Duplicates);
        Interlocked.Add(ref _deadLetters, batch.DeadLetters + refusedRecords);
        Interlocked.Add(ref _dropped, batch.Dropped);
        Interlocked.Add(ref _logRecords, logRecords);
    }
}
