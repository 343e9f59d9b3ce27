namespace Tailscale2Otel.Config;

/// <summary>The levels of the daemon's own log.</summary>
enum LogVerbosity
{
    Debug,
    Info,
    Warn,
    Error,
}
