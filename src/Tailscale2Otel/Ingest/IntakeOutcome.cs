namespace Tailscale2Otel.Ingest;

enum IntakeOutcome
{
    /// <summary>Durable: the sender may be told so.</summary>
    Kept,

    /// <summary>The backlog or the disk is full: the sender must come again.</summary>
    Full,

    /// <summary>The disk failed: the sender must come again.</summary>
    Unavailable,

    /// <summary>The daemon is going down and takes nothing more.</summary>
    Stopping,
}
