using Tailscale2Otel.Spool;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How one log of one tailnet is polled.</summary>
/// <param name="Tailnet">As its records carry it.</param>
/// <param name="Label">As metrics call it, see <see cref="TailnetSettings.Label"/>.</param>
/// <param name="MaxWindow">Most that one question covers.</param>
/// <param name="Recognised">How long the deduplication window recognises a record that comes again; what was received before must not.</param>
/// <param name="AppendBytes">Most in one append, but for a single record; an append larger than the spool would be refused for ever.</param>
/// <param name="RecordBytes">A record above this becomes a dead letter with its beginning.</param>
/// <param name="MaxResponseBytes">Above this the API client gives an answer up.</param>
sealed record LogPollSettings(
    LogFeed Feed, string Tailnet, string Label, TimeSpan Interval, TimeSpan Lag, TimeSpan InitialLookback, TimeSpan MaxWindow, TimeSpan ReplayOverlap, TimeSpan Recognised, long MaxResponseBytes,
    long AppendBytes = LogPageWriter.AppendBytes, long RecordBytes = LogPageWriter.LargestRecord)
{
    public static LogPollSettings Of(LogFeed feed, LogPollOptions options, TailnetSettings tailnet, TimeSpan recognised, SpoolOptions spool) => new(
        feed, tailnet.Name, tailnet.Label, options.Interval, options.Lag, options.InitialLookback,
        options.MaxWindow > TimeSpan.Zero && options.MaxWindow < feed.Retention ? options.MaxWindow : feed.Retention,
        options.ReplayOverlap, recognised, tailnet.MaxLogResponseBytes,
        Math.Min(LogPageWriter.AppendBytes, spool.MaxBytes / 8), Math.Min(LogPageWriter.LargestRecord, spool.MaxBytes / 2));
}
