using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// Configuration audit records to <c>tailscale.config.audit</c> log records and counts. An event gives one log record whatever
/// path it came by; what only one path carries is left out (<c>logged</c> is the observed time) or filled in (<c>type</c>).
/// A real <c>deferredAt</c>, which only the API has, is the exception: it is said where it is known.
/// </summary>
/// <param name="changes">Changes that webhooks tell too; null when they are not compared.</param>
sealed class AuditProcessor(DeduplicationWindow window, AuditMetrics metrics, UnreadableTimeMetric unreadableTimes, SharedChanges? changes = null) : IRecordProcessor
{
    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        using var texts = new PooledBytes();
        if (!AuditDecoder.TryDecode(record.Payload, texts, out var audit))
            return FaultyRecord.Judge(record, "decode_error", window);

        var transport = TransportMetadata.Read(record.Metadata);
        var time = AuditTime.Of(audit, transport);
        var key = AuditKey.Of(record.Tailnet, audit, KeyTime(audit, time, record.ReceivedAt));
        if (!Claim(key, record))
            return ProcessResult.Duplicate;

        var change = changes is null ? null : AuditChange.Of(record.Tailnet, audit);
        if (change is { } told && time > 0 && !changes!.TryTell(told, time, record))
            return ProcessResult.SameChange;

        if (pass.HasFlag(RecordPass.Deliver))
            AuditLog.Write(logs, record, audit, new AuditTime(time > 0 ? time : record.ReceivedAt, AuditTime.Observed(audit, transport, time, record.ReceivedAt)), key.Own, change);
        if (pass.HasFlag(RecordPass.Count))
        {
            metrics.Add(audit, time, record.ReceivedAt);
            if (transport.HasUnreadableTime)
                unreadableTimes.Add(record.Source, record.Signal);
        }

        return ProcessResult.MappedAt(time, audit.Logged > 0 ? audit.Logged : transport.Recorded);
    }

    /// <summary>
    /// The neighbours are asked about and not claimed: the record that owns one is the earlier copy of this event, and it must
    /// not find a claim of its copy when it is read again.
    /// </summary>
    bool Claim(in AuditKey key, in RawRecord record) =>
        !window.IsOwnedByAnother(key.Before, record.Position) &&
        !window.IsOwnedByAnother(key.After, record.Position) &&
        window.TryClaim(key.Own, record.Position, record.ReceivedAt);

    /// <summary>An event without any time but with a group is known by the group, so that a sender's retry is not another event.</summary>
    static long KeyTime(in AuditRecord audit, long time, long receivedAt) =>
        time > 0 ? time : audit.EventGroupId.IsEmpty ? receivedAt : 0;
}
