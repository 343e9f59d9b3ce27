namespace Tailscale2Otel.Processing.Audit;

/// <summary>The two times of an audit log record in Unix nanoseconds.</summary>
readonly record struct AuditTime(long Event, long ObservedAt)
{
    const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>
    /// When the event happened: its own time, which the stream leaves out; there <c>fields.recorded</c> when it lies in the
    /// millisecond of the envelope's time and so says it more finely, else that time, else <c>fields.recorded</c>. 0: unknown.
    /// </summary>
    public static long Of(in AuditRecord record, in TransportMetadata transport)
    {
        if (record.EventTime > 0)
            return record.EventTime;

        var isFiner = transport.Recorded / NanosecondsPerMillisecond == transport.Time / NanosecondsPerMillisecond;
        return transport.Time > 0 && !isFiner ? transport.Time : transport.Recorded;
    }

    /// <summary>
    /// When Tailscale recorded the event: <c>logged</c> of the object store, <c>fields.recorded</c> of the stream. The API gives
    /// neither; the event's time stands in, since the receive time would tell the paths apart. The receive time is the last resort.
    /// </summary>
    public static long Observed(in AuditRecord record, in TransportMetadata transport, long eventTime, long receivedAt) =>
        record.Logged > 0 ? record.Logged : transport.Recorded > 0 ? transport.Recorded : eventTime > 0 ? eventTime : receivedAt;
}
