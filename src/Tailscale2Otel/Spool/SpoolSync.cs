namespace Tailscale2Otel.Spool;

/// <summary>When appends reach the disk itself and not only the operating system.</summary>
enum SpoolSync
{
    /// <summary>Before the sender is answered.</summary>
    Always,

    /// <summary>At most each <c>spool.sync_interval</c>; a loss of power may lose what was answered in between.</summary>
    Interval,

    /// <summary>When the operating system sees fit; a loss of power may lose the last half minute.</summary>
    Never,
}
