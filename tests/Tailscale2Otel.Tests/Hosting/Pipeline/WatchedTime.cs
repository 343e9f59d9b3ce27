using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>Manual time that notes each timer, so that a test can move it once the code under test waits.</summary>
sealed class WatchedTime(ManualTime time, Changes changes) : TimeProvider
{
    int _timers;

    /// <summary>Timers created so far.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = time.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        changes.Note("timer");
        return timer;
    }
}
