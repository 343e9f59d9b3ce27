namespace Tailscale2Otel.Processing.Flow;

/// <summary>The rows of a connection in the tables of <see cref="FlowMetrics"/>, good until the next freeze.</summary>
/// <param name="Flows">In <see cref="FlowCountMetric"/>.</param>
/// <param name="Rollup">In <see cref="FlowRollup"/>.</param>
readonly record struct FlowSeries(int Flows, RollupRow Rollup);
