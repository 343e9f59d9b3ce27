namespace Tailscale2Otel.Processing.Flow;

/// <summary>How two records of one node and window differ; the default is not at all.</summary>
/// <param name="Scope">The metric's <c>scope</c>; null for no conflict.</param>
/// <param name="Virtual">The rows of this traffic type differ; likewise the others.</param>
readonly record struct WindowConflict(string? Scope, bool Virtual, bool Subnet, bool Exit, bool Physical)
{
    /// <summary>Both came by one path: a window was asked for again after more of it became known, or the node sent both.</summary>
    public const string SameSource = "poll_boundary";

    /// <summary>They came by different paths.</summary>
    public const string OtherSource = "cross_source";

    public bool Of(TrafficType type) => type switch
    {
        TrafficType.Virtual => Virtual,
        TrafficType.Subnet => Subnet,
        TrafficType.Exit => Exit,
        _ => Physical,
    };
}
