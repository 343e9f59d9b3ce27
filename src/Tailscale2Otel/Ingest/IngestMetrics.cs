using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest;

/// <summary>What came to the door of the spool and what became of it: received = accepted + refused, per path.</summary>
sealed class IngestMetrics(Meter meter)
{
    readonly Counter<long> _received = meter.CreateCounter<long>("tailscale2otel.ingest.received", "{record}", "Records handed to the spool");
    readonly Counter<long> _accepted = meter.CreateCounter<long>("tailscale2otel.ingest.accepted", "{record}", "Records that are durable in the spool");
    readonly Counter<long> _refused = meter.CreateCounter<long>("tailscale2otel.ingest.refused", "{record}", "Records that the spool did not take");
    readonly Counter<long> _size = meter.CreateCounter<long>("tailscale2otel.ingest.size", "By", "Decoded payload bytes per path");

    long _kept;
    long _polled;

    /// <summary>Records that are durable in the spool, since the process started.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>Those of them that came in answers of the API.</summary>
    public long Polled => Volatile.Read(ref _polled);

    public void Received(RecordSource source, int records) => _received.Add(records, Source(source));

    public void Accepted(RecordSource source, int records, long bytes)
    {
        Interlocked.Add(ref _kept, records);
        if (source == RecordSource.Poll)
            Interlocked.Add(ref _polled, records);
        _accepted.Add(records, Source(source));
        _size.Add(bytes, Source(source));
    }

    public void Refused(RecordSource source, IntakeOutcome outcome, int records) =>
        _refused.Add(records, Source(source), new KeyValuePair<string, object?>("reason", outcome == IntakeOutcome.Full ? "full" : "unavailable"));

    static KeyValuePair<string, object?> Source(RecordSource source) => new("source", source switch
    {
        RecordSource.Poll => "poll",
        RecordSource.Stream => "stream",
        RecordSource.Webhook => "webhook",
        RecordSource.ObjectStore => "objectstore",
        RecordSource.Logtail => "logtail",
        RecordSource.Events => "events",
        _ => "unknown",
    });
}
