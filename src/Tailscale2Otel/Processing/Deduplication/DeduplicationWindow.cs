using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// The content keys of recent records with the spool position that owns each. A record is a duplicate only of another
/// position, so that reading a record again after a crash is harmless. One thread's.
/// </summary>
sealed class DeduplicationWindow
{
    readonly Dictionary<ContentKey, SpoolPosition> _keys = [];

    /// <summary>True when the key is now, or was already, owned by this position; false when another position owns it.</summary>
    /// <param name="receivedAt">Unix nanoseconds of the record's append: the window's clock.</param>
    public bool TryClaim(in ContentKey key, SpoolPosition position, long receivedAt) =>
        _keys.TryAdd(key, position) || _keys[key] == position;

    /// <summary>Whether another position owns the key; claims nothing.</summary>
    public bool IsOwnedByAnother(in ContentKey key, SpoolPosition position) => _keys.TryGetValue(key, out var owner) && owner != position;
}
