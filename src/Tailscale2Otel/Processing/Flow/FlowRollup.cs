using System.Runtime.CompilerServices;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The bounded family: combinations are counted for one interval, and at its end the busiest are added to their totals and the
/// rest to the totals of <c>__other__</c>. Nothing is lost on the way: what is reported sums up to what was added.
/// </summary>
sealed class FlowRollup
{
    /// <summary>Combinations of one interval; those beyond are folded as they come.</summary>
    public const int LiveKeys = 8_000;

    const int DefaultTopN = 500;

    /// <summary>Of the totals' room, the part that only folded rows may take: an eighth.</summary>
    const int ReservedShare = 8;

    readonly FlowMetricKey _keys;
    readonly FlowTrafficMetric _totals;
    readonly CounterTable _interval = new(FlowTrafficMetric.Columns, LiveKeys);
    readonly int _topN;
    readonly int _reserved;
    readonly List<int> _order = [];

    /// <param name="topN"><see cref="FlowDimensions.RollupTopN"/>.</param>
    public FlowRollup(FlowMetricKey keys, FlowTrafficMetric totals, int topN)
    {
        _keys = keys;
        _totals = totals;
        _topN = topN > 0 ? topN : DefaultTopN;
        _reserved = totals.Capacity / ReservedShare;
    }

    /// <summary>Good until the next <see cref="Freeze"/>.</summary>
    /// <param name="key">Of <see cref="FlowMetricKey.Rollup"/>.</param>
    public RollupRow Row(ReadOnlySpan<byte> key)
    {
        // Before the busiest are chosen: combinations that become equal are one.
        key = _totals.Redact(key);
        var row = _interval.FindOrAdd(key);
        return row != CounterTable.None ? new RollupRow(row, isFolded: false) : new RollupRow(_totals.Row(_keys.Fold(key)), isFolded: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(RollupRow row, in FlowConnection connection)
    {
        if (row.IsFolded)
        {
            _totals.Add(row.Row, connection);
            return;
        }

        var counters = _interval.Row(row.Row);
        counters[0] = CounterTable.Saturate(counters[0], connection.TxBytes);
        counters[1] = CounterTable.Saturate(counters[1], connection.RxBytes);
        counters[2] = CounterTable.Saturate(counters[2], connection.TxPackets);
        counters[3] = CounterTable.Saturate(counters[3], connection.RxPackets);
    }

    public void Freeze()
    {
        Order();
        for (var i = 0; i < _order.Count; i++)
            AddToTotals(_order[i], isBusy: i < _topN);
        _interval.Clear();
        _totals.Freeze();
    }

    void AddToTotals(int row, bool isBusy)
    {
        var key = _interval.Key(row);
        var total = isBusy ? _totals.Row(key, _reserved) : CounterTable.None;
        if (total == CounterTable.None)
            total = _totals.Row(_keys.Fold(key));
        _totals.Add(total, _interval.Values.Slice(row * FlowTrafficMetric.Columns, FlowTrafficMetric.Columns));
    }

    /// <summary>Busiest first; equals in the order of their keys, so that the same traffic is always folded in the same way.</summary>
    void Order()
    {
        _order.Clear();
        for (var row = 0; row < _interval.Count; row++)
            _order.Add(row);
        if (_order.Count > _topN)
            _order.Sort(CompareRows);
    }

    int CompareRows(int left, int right)
    {
        var byBytes = Bytes(right).CompareTo(Bytes(left));
        return byBytes != 0 ? byBytes : _interval.Key(left).SequenceCompareTo(_interval.Key(right));
    }

    ulong Bytes(int row) => CounterTable.Saturate(_interval[row, 0], _interval[row, 1]);
}
