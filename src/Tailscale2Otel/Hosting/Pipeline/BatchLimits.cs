using Tailscale2Otel.Export;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>When a batch is closed.</summary>
sealed class BatchLimits(DeliveryOptions options, TimeProvider time)
{
    readonly int _records = options.MaxBatchRecords;
    readonly int _bytes = options.MaxBatchBytes;
    readonly TimeSpan _delay = options.MaxBatchDelay;

    public long Now => time.GetTimestamp();

    public long UnixNanoseconds => UnixTime.Nanoseconds(time.GetUtcNow());

    /// <summary>Records count too, so that a stretch of duplicates or of records without log records moves the cursor as well.</summary>
    public bool IsFull(PendingBatch batch) => batch.Logs.Count >= _records || batch.Logs.Bytes >= _bytes || batch.Records >= _records;

    public bool IsDue(PendingBatch batch) => time.GetElapsedTime(batch.StartedAt) >= _delay;

    /// <summary>
    /// Cancelled when the batch is due. A timer of one's own that cancels a source would throw, on a thread of the pool and so to the
    /// end of the process, when it fires while the source is disposed; the source's own timer does not.
    /// </summary>
    public CancellationTokenSource CancelledWhenDue(PendingBatch batch)
    {
        var left = _delay - time.GetElapsedTime(batch.StartedAt);
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }
}
