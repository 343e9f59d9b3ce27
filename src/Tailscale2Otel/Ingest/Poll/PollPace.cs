namespace Tailscale2Otel.Ingest.Poll;

/// <summary>When the next run begins.</summary>
/// <param name="jitter">Numbers from 0 to below 1.</param>
sealed class PollPace(TimeSpan interval, Func<double> jitter)
{
    /// <summary>Many daemons that start together do not ask together.</summary>
    public static readonly TimeSpan LongestStagger = TimeSpan.FromSeconds(3);

    /// <summary>Between two questions whose answer only an operator can change.</summary>
    public static readonly TimeSpan Rarely = TimeSpan.FromMinutes(10);

    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    /// <summary>No server keeps the daemon away for longer, whatever it says.</summary>
    static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>A run that took longer than the interval is followed by the tick that it missed, but not without a breath.</summary>
    static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    int _failures;

    public TimeSpan Stagger() => Shorter(LongestStagger, interval) * jitter();

    /// <param name="elapsed">Time of the run.</param>
    public TimeSpan Next(in PollResult result, TimeSpan elapsed)
    {
        _failures = result.Failure is { Repeat: PollRepeat.Backoff } ? _failures + 1 : 0;
        return result.Failure switch
        {
            null => result.AgainAfter ?? ToNextTick(elapsed),
            { Repeat: PollRepeat.NextTick } => ToNextTick(elapsed),
            { Repeat: PollRepeat.Rarely } => Longer(Rarely, interval),
            { RetryAfter: { } asked } => Longer(Backoff(elapsed), Shorter(asked, LongestRetryAfter) * (1 + (jitter() / 10))),
            _ => Backoff(elapsed),
        };
    }

    static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    TimeSpan ToNextTick(TimeSpan elapsed) => Longer(interval - elapsed, Shorter(interval, Breath));

    /// <summary>The call itself has repeated its attempts, so that one failure waits for nothing but the tick.</summary>
    TimeSpan Backoff(TimeSpan elapsed) => _failures == 1
        ? ToNextTick(elapsed)
        : Shorter(interval * Math.Pow(2, Math.Min(_failures - 1, 20)), Longer(interval, LongestBackoff)) * (1 + (jitter() / 4));
}
