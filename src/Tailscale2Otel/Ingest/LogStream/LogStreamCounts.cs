using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>Tailscale's own counters of one stream, or what they grew by.</summary>
readonly record struct LogStreamCounts(long Bytes, long Entries, long Spoofed, long Requests, long Failed, long MaxBody)
{
    public static LogStreamCounts Of(LogStreamStatus status) => new(
        status.BytesSent, status.EntriesSent, status.SpoofedEntries, status.Requests, status.FailedRequests, status.MaxBodyRequests);

    /// <summary>
    /// This plus what the counters grew by. One that fell began again and grew by what it shows; each is judged alone, since a
    /// single one that is off must not add the others' whole past.
    /// </summary>
    public LogStreamCounts Grown(LogStreamCounts before, LogStreamCounts now) => new(
        Bytes + Growth(before.Bytes, now.Bytes),
        Entries + Growth(before.Entries, now.Entries),
        Spoofed + Growth(before.Spoofed, now.Spoofed),
        Requests + Growth(before.Requests, now.Requests),
        Failed + Growth(before.Failed, now.Failed),
        MaxBody + Growth(before.MaxBody, now.MaxBody));

    static long Growth(long before, long now) => Math.Max(now >= before ? now - before : now, 0);
}
