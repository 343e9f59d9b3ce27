using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What polling of both logs has in common.</summary>
abstract class LogPollOptions
{
    /// <summary>Whether the API is asked for the log, when there is a credential (<c>tailscale.auth</c>). What the log stream brings is taken in any case.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Which way the log comes: <c>poll</c> asks the API, <c>stream</c> leaves it to <c>streaming</c>, <c>both</c> does both and delivers each record once. <c>objectstore</c> is not built yet.</summary>
    public LogSource Source { get; set; } = LogSource.Poll;

    /// <summary>Time between two questions.</summary>
    [Within("00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far windows stay behind the server's clock, because records are stored some time after they are logged.</summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan Lag { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far back the very first window reaches.</summary>
    [Within("00:00:00.001", "90.00:00:00")]
    public TimeSpan InitialLookback { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most that one question covers; a longer time is asked for in several. 0 or less is without limit.</summary>
    public TimeSpan MaxWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How much later than <c>lag</c> a record may be stored and still be found: so much before the cursor is asked for again, and
    /// what came before is recognised by its content.
    /// </summary>
    [Within("00:00:00", "01:00:00")]
    public TimeSpan ReplayOverlap { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the API is asked, given a credential.</summary>
    public bool IsPolled => Enabled && Source is (LogSource.Poll or LogSource.Both);

    /// <summary>What is wrong between these options and those of the receiver.</summary>
    /// <param name="section">For the messages.</param>
    public IEnumerable<string> Failures(string section, bool isStreaming)
    {
        if (!Enabled)
            yield break;
        if (Source is (LogSource.Stream or LogSource.Both) && !isStreaming)
            yield return $"{section}.source: needs streaming.enabled: true, since the log stream is received there";
        if (IsPolled && MaxWindow > TimeSpan.Zero && MaxWindow <= Interval)
            yield return $"{section}.max_window: longer than {section}.interval, or polling never catches up; 0 is without limit";
    }
}
