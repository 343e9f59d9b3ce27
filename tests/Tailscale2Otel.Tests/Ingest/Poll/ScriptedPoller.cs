using Tailscale2Otel.Ingest.Poll;

namespace Tailscale2Otel.Tests.Ingest.Poll;

/// <summary>Answers what a test says, and notes when it was asked.</summary>
sealed class ScriptedPoller(TimeProvider time, TimeSpan interval, Func<int, CancellationToken, Task<PollResult>> answer) : IPoller
{
    readonly DateTimeOffset _start = time.GetUtcNow();
    readonly List<double> _runs = [];

    public string Collector { get; init; } = "flowlogs";

    public string Tailnet { get; init; } = "";

    public TimeSpan Interval => interval;

    /// <summary>Seconds since the start.</summary>
    public IReadOnlyList<double> Runs => _runs;

    public Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        _runs.Add((time.GetUtcNow() - _start).TotalSeconds);
        return answer(_runs.Count, cancellation);
    }
}
