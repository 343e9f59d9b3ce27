namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>A question for log records. Unix nanoseconds, both ends inclusive.</summary>
readonly record struct LogWindow(long From, long To)
{
    public bool Holds(long time) => time >= From && time <= To;
}
