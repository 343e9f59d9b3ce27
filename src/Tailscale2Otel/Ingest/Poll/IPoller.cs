namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Something that is asked for at an interval; <see cref="PollLoop"/> has the clock.</summary>
interface IPoller
{
    /// <summary>Value of <c>tailscale.collector</c>, for example <c>flowlogs</c>; also how the log and the health page call it.</summary>
    string Collector { get; }

    /// <summary>The tailnet's name; empty for the only one when it was not named.</summary>
    string Tailnet { get; }

    TimeSpan Interval { get; }

    /// <summary>
    /// Asks once; never called again before its task has ended. What is expected to fail is in the result. What it throws is a
    /// failed run too; only the token's own cancellation is none.
    /// </summary>
    Task<PollResult> PollAsync(CancellationToken cancellation);
}
