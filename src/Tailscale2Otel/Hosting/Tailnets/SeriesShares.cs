using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>
/// How many series of one instrument each tailnet may have. The configured ones share <c>cardinality.metric_limit</c> in equal parts,
/// so that a flood of one does not fold the others' series; what is left in the spool of tailnets that are gone has a little room beside it.
/// </summary>
readonly record struct SeriesShares(int Limit, int Tailnets)
{
    /// <summary>Sets for tailnets that are not configured: so many of their own and one for all others.</summary>
    public const int StraySets = 4;

    /// <summary>The SDK reserves memory for each series that it might see.</summary>
    const int StrayShare = 64;

    public int Configured => Math.Max(Limit / Math.Max(Tailnets, 1), 1);

    public int Stray => Math.Max(Limit / StrayShare, 1);

    /// <summary>What the SDK has to allow.</summary>
    public int Total => Math.Min(Limit, Configured * Tailnets) + (StraySets * Stray);

    public static SeriesShares Of(CardinalityOptions options, int tailnets) => new(options.ToSeriesLimit(), tailnets);
}
