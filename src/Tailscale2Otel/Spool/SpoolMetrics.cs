using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Spool;

/// <summary>The spool's own telemetry. Hot counts are fields that the instruments read at collection.</summary>
sealed class SpoolMetrics
{
    readonly Meter _meter;
    readonly Histogram<double> _flushDuration;
    readonly Counter<long> _damaged;
    readonly Counter<long> _refused;
    long _appendedRecords;
    long _appendedBytes;
    long _readRecords;
    long _deliveredBytes;

    public SpoolMetrics(Meter meter)
    {
        _meter = meter;
        _flushDuration = meter.CreateHistogram(
            "tailscale2otel.spool.flush.duration", "s", "Time of one flush to disk, shared by all appends that waited for it",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });
        _damaged = meter.CreateCounter<long>("tailscale2otel.spool.damaged", "1", "Damaged places in the spool that were skipped or repaired");
        _refused = meter.CreateCounter<long>("tailscale2otel.spool.refused", "1", "Appends that the spool did not take");
        _ = meter.CreateObservableCounter("tailscale2otel.spool.appended.records", () => Volatile.Read(ref _appendedRecords), "{record}", "Records made durable");
        _ = meter.CreateObservableCounter("tailscale2otel.spool.appended.bytes", () => Volatile.Read(ref _appendedBytes), "By", "Bytes made durable, with frame headers");
        _ = meter.CreateObservableCounter("tailscale2otel.spool.read.records", () => Volatile.Read(ref _readRecords), "{record}", "Records read from the spool");
        _ = meter.CreateObservableCounter("tailscale2otel.spool.delivered.bytes", () => Volatile.Read(ref _deliveredBytes), "By", "Bytes that the delivered cursor has passed");
    }

    public void Appended(long records, long bytes)
    {
        Volatile.Write(ref _appendedRecords, _appendedRecords + records);
        Volatile.Write(ref _appendedBytes, _appendedBytes + bytes);
    }

    public void RecordRead() => Interlocked.Increment(ref _readRecords);

    public void Delivered(long bytes) => Interlocked.Add(ref _deliveredBytes, bytes);

    public void Flushed(TimeSpan duration) => _flushDuration.Record(duration.TotalSeconds);

    public void Damaged(string reason) => _damaged.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="oldestAge">Seconds since the oldest undelivered record was received; 0 when there is none.</param>
    public void Observe(SegmentTable table, Func<long> backlog, Func<double> oldestAge)
    {
        _ = _meter.CreateObservableGauge("tailscale2otel.spool.bytes", () => table.BytesOnDisk, "By", "Size of all segment files");
        _ = _meter.CreateObservableGauge("tailscale2otel.spool.segments", () => table.Snapshot.Length, "{segment}", "Segment files");
        _ = _meter.CreateObservableGauge("tailscale2otel.spool.backlog.bytes", backlog, "By", "Bytes from the lowest cursor to the end of the spool");
        _ = _meter.CreateObservableGauge("tailscale2otel.spool.oldest_undelivered.age", oldestAge, "s", "Age of the oldest record that is not delivered");
    }
}
