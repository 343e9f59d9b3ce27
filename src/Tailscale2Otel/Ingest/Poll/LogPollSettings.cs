using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How one log of one tailnet is polled.</summary>
/// <param name="MaxWindow">Most that one question covers.</param>
/// <param name="Recognised">How long the deduplication window recognises a record that comes again; what was received before must not.</param>
/// <param name="MaxResponseBytes">Above this the API client gives an answer up.</param>
sealed record LogPollSettings(
    LogFeed Feed, string Tailnet, TimeSpan Interval, TimeSpan Lag, TimeSpan InitialLookback, TimeSpan MaxWindow, TimeSpan ReplayOverlap, TimeSpan Recognised, long MaxResponseBytes)
{
    public static LogPollSettings Of(LogFeed feed, LogPollOptions options, TailnetSettings tailnet, TimeSpan recognised) => new(
        feed, tailnet.Name, options.Interval, options.Lag, options.InitialLookback,
        options.MaxWindow > TimeSpan.Zero && options.MaxWindow < feed.Retention ? options.MaxWindow : feed.Retention,
        options.ReplayOverlap, recognised, tailnet.MaxLogResponseBytes);
}
