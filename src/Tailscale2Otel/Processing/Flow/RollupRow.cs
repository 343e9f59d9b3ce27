namespace Tailscale2Otel.Processing.Flow;

/// <summary>A row of <see cref="FlowRollup"/>: of the interval, or, when that has no room for the combination, of the folded totals.</summary>
readonly record struct RollupRow(int Row, bool IsFolded);
