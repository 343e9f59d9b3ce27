using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The canonical order of a record's rows, whatever order they came in. Nodes send them sorted, so that it is quick; a few rows are
/// put in order without a branch for each pair of them, since a sender may also have none.
/// </summary>
sealed class RowOrder
{
    const int RankLimit = 16;
    const int IndexBits = 4;

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
        if (count <= RankLimit)
        {
            Rank(order);
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

    /// <summary>The place of a row is the number of those before it, as far as the beginning of what is compared says; then the rest.</summary>
    [SkipLocalsInit]
    void Rank(Span<int> order)
    {
        Span<long> leads = stackalloc long[RankLimit];
        for (var i = 0; i < order.Length; i++)
            leads[i] = (LeadOf(_rows[i]) << IndexBits) | (long)i;

        // Behind the rows is what was on the stack before: it gets places, too, and nobody looks at them.
        Span<long> places = stackalloc long[RankLimit];
        for (var i = 0; i < order.Length; i += Vector256<long>.Count)
        {
            var these = Vector256.Create<long>(leads[i..]);
            var before = Vector256<long>.Zero;
            foreach (var lead in leads[..order.Length])
                before -= Vector256.GreaterThan(these, Vector256.Create(lead));
            before.CopyTo(places[i..]);
        }

        for (var i = 0; i < order.Length; i++)
            order[(int)places[i]] = i;
        for (var i = 1; i < order.Length; i++)
        {
            if (leads[order[i - 1]] >> IndexBits == leads[order[i]] >> IndexBits)
                Insert(order, i, leads);
        }
    }

    /// <summary>Moves a row before those that it agrees with in the lead and that are behind it in the rest.</summary>
    void Insert(Span<int> order, int at, ReadOnlySpan<long> leads)
    {
        var row = order[at];
        for (; at > 0 && leads[order[at - 1]] >> IndexBits == leads[row] >> IndexBits && FlowRow.Compare(_rows[order[at - 1]], _rows[row]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = row;
    }

    /// <summary>Less only where <see cref="FlowRow.Compare"/> says so: array, family, and the beginning of the source. 52 bits.</summary>
    static long LeadOf(in FlowRow row)
    {
        var address = row.Source.Address;
        var beginning = address.Family == IpFamily.V6 ? address.High >> 16 : (address.Low << 16) | row.Source.Port;
        return ((long)row.Type << 50) | ((long)address.Family << 48) | (long)beginning;
    }
}
