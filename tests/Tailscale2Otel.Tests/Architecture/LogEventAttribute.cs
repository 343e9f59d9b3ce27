namespace Tailscale2Otel.Tests.Architecture;

/// <summary>How one attribute of an event was seen.</summary>
sealed class LogEventAttribute
{
    public SortedSet<string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The values of <c>collectors.flowlogs.log_mode</c> under which it was there.</summary>
    public SortedSet<string> Modes { get; } = new(StringComparer.Ordinal);
}
