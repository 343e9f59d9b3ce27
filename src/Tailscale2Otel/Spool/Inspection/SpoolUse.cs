namespace Tailscale2Otel.Spool.Inspection;

/// <summary>Whether a daemon is at work in a spool directory.</summary>
enum SpoolUse
{
    /// <summary>The system does not tell who holds the lock, and the spool was not closed.</summary>
    Unknown,

    Running,

    /// <summary>The last daemon closed the spool in order.</summary>
    Closed,

    /// <summary>The last daemon did not close the spool and is not seen to run: it was killed, or it runs where this process cannot look.</summary>
    NotClosed,
}
