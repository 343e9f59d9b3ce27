namespace Tailscale2Otel.Processing.Flow;

/// <summary>A row of <see cref="FlowRollup"/>: of the interval, or, when that has no room for the combination, of the folded totals.</summary>
readonly record struct RollupRow
{
    /// <summary>The row, and in the lowest bit whether it is folded.</summary>
    readonly int _value;

    public RollupRow(int row, bool isFolded) => _value = (row << 1) | (isFolded ? 1 : 0);

    public int Row => _value >> 1;

    public bool IsFolded => (_value & 1) != 0;
}
