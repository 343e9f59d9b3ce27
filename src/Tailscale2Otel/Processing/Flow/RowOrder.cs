namespace Tailscale2Otel.Processing.Flow;

/// <summary>The canonical order of a record's rows, whatever order they came in. Nodes send them sorted, so that is quick.</summary>
sealed class RowOrder
{
    const int InsertionLimit = 32;

    readonly Comparison<int> _compare;
    FlowRow[] _rows = [];
    int[] _order = new int[64];

    public RowOrder() => _compare = (a, b) => FlowRow.Compare(_rows[a], _rows[b]);

    /// <summary>Indexes into the record's rows; good until the next call.</summary>
    public ReadOnlySpan<int> Sort(FlowRecord record)
    {
        var count = record.Rows.Length;
        if (_order.Length < count)
            _order = new int[Math.Max(count, _order.Length * 2)];
        _rows = record.RowTable;

        var order = _order.AsSpan(0, count);
        if (count <= InsertionLimit)
        {
            Insert(order);
            return order;
        }

        var sorted = true;
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
            sorted = sorted && (i == 0 || FlowRow.Compare(_rows[i - 1], _rows[i]) <= 0);
        }

        if (!sorted)
            order.Sort(_compare);
        return order;
    }

    void Insert(Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            ref readonly var row = ref _rows[i];
            var at = i;
            for (; at > 0 && FlowRow.Compare(_rows[order[at - 1]], row) > 0; at--)
                order[at] = order[at - 1];
            order[at] = i;
        }
    }
}
