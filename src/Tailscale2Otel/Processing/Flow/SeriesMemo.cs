using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Where connections were counted lately, by their likeness: making the key of a series out of its texts and looking that up costs
/// many times as much. It forgets rather than grows: a likeness takes the place of another with the same slot.
/// </summary>
sealed class SeriesMemo
{
    /// <summary>As many slots as <see cref="FlowRollup"/> has live combinations, in 256 KiB.</summary>
    const int SlotBits = 13;

    readonly Entry[] _entries = new Entry[1 << SlotBits];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(in Likeness likeness, out FlowSeries series)
    {
        ref readonly var entry = ref _entries[likeness.Hash >> (64 - SlotBits)];
        series = entry.Series;
        return entry.Likeness.Equals(likeness) && likeness.IsKnown;
    }

    public void Put(in Likeness likeness, FlowSeries series) => _entries[likeness.Hash >> (64 - SlotBits)] = new Entry(likeness, series);

    public void Clear() => _entries.AsSpan().Clear();

    readonly record struct Entry(Likeness Likeness, FlowSeries Series);
}
