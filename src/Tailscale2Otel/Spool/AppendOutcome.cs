namespace Tailscale2Otel.Spool;

enum AppendOutcome
{
    Durable,

    /// <summary>The backlog is at its limit, or the disk is full: try again later.</summary>
    Full,

    /// <summary>The disk failed or the spool is closing; nothing of the batch counts as kept.</summary>
    Unavailable,
}
