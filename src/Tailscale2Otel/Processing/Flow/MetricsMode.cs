namespace Tailscale2Otel.Processing.Flow;

/// <summary>Which of the two flow metric families are counted.</summary>
enum MetricsMode
{
    /// <summary>The bounded top-N family only.</summary>
    Rollup,

    /// <summary>The raw family only: one series for every combination of dimensions seen.</summary>
    All,

    /// <summary>Both families. They count the same bytes: do not add them up.</summary>
    Both,
}
