namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>Timers that fire when the test says so, also after they were disposed, as one does that was about to.</summary>
sealed class LateTime : TimeProvider
{
    readonly List<Action> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add(() => callback(state));
        return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int FireAll()
    {
        foreach (var timer in _timers)
            timer();
        return _timers.Count;
    }
}
