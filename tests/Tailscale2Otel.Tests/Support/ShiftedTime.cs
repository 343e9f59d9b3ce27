namespace Tailscale2Otel.Tests.Support;

/// <summary>The system's time with the clock set somewhere else; timers run as ever.</summary>
sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
