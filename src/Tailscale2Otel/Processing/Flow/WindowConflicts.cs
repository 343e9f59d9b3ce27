using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Notices that one node tells two stories of one window: same tailnet, node, start and end, other rows. A small table of
/// recent windows in which a newer one takes the place of an older with the same slot, so that it forgets rather than grows:
/// what it finds is a lower bound. Every later story is compared with the first one.
/// </summary>
sealed class WindowConflicts
{
    const int Slots = 8192;

    readonly Entry[] _entries = new Entry[Slots];

    /// <summary>Begins to fetch what <see cref="Note"/> will look at.</summary>
    public void Expect(FlowKey key) => CacheLine.Fetch(in _entries[key.Window & (Slots - 1)]);

    /// <summary>Remembers the first story of a window; says how a later one differs from it.</summary>
    public WindowConflict Note(FlowKey key, in ContentKey content, RecordSource source)
    {
        ref var entry = ref _entries[key.Window & (Slots - 1)];
        if (entry.Window != key.Window)
        {
            var rows = key.Fingerprints;
            entry = new Entry(key.Window, content, source, rows[0], rows[1], rows[2], rows[3]);
            return default;
        }

        if (entry.Content == content)
            return default;

        return new WindowConflict(
            entry.Source == source ? WindowConflict.SameSource : WindowConflict.OtherSource,
            entry.Virtual != key.Fingerprints[(int)TrafficType.Virtual],
            entry.Subnet != key.Fingerprints[(int)TrafficType.Subnet],
            entry.Exit != key.Fingerprints[(int)TrafficType.Exit],
            entry.Physical != key.Fingerprints[(int)TrafficType.Physical]);
    }

    readonly record struct Entry(ulong Window, ContentKey Content, RecordSource Source, ulong Virtual, ulong Subnet, ulong Exit, ulong Physical);
}
