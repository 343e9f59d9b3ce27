namespace Tailscale2Otel.Processing.Flow;

/// <summary>How many log records a flow record becomes.</summary>
enum FlowLogMode
{
    /// <summary>One for each connection.</summary>
    PerConnection,

    /// <summary>One with the totals of all connections.</summary>
    PerRecord,

    /// <summary>None; metrics only.</summary>
    Off,
}
