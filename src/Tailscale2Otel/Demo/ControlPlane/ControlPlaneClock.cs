using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The server's clock, which need not agree with anybody else's.</summary>
sealed class ControlPlaneClock(TimeProvider time)
{
    long _offsetTicks;

    /// <summary>How much it is ahead of the time provider's; may change while the server runs.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <summary>For timers, which no offset concerns.</summary>
    public TimeProvider Time => time;

    public DateTimeOffset Now => time.GetUtcNow() + Offset;

    public long Nanoseconds => UnixTime.Nanoseconds(Now);
}
