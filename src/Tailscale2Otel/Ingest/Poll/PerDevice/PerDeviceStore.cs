using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What was last read of each device. A failure leaves it as it was. Any thread.</summary>
sealed class PerDeviceStore<T>
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    long _turn;

    /// <summary>By node ID; a copy.</summary>
    public IReadOnlyDictionary<string, T> Values
    {
        get
        {
            lock (_gate)
                return _entries.Where(e => e.Value.IsRead).ToDictionary(e => e.Key, e => e.Value.Value!, StringComparer.Ordinal);
        }
    }

    /// <summary>Forgets all other devices.</summary>
    public void Keep(Func<string, bool> isThere)
    {
        lock (_gate)
        {
            foreach (var nodeId in _entries.Keys.Where(id => !isThere(id)).ToList())
                _entries.Remove(nodeId);
        }
    }

    /// <summary>
    /// In the order in which to ask: who waited longest first, so that a pass that is cut short goes on where it was; but last those
    /// that failed the last time, so that a few of them cannot cut short every pass.
    /// </summary>
    public IReadOnlyList<Device> InTurn(IEnumerable<Device> devices)
    {
        lock (_gate)
        {
            return
            [
                .. from device in devices
                   let entry = _entries.GetValueOrDefault(device.NodeId)
                   orderby entry?.HasFailed ?? false, entry?.Turn ?? 0, device.IsExternal, device.NodeId
                   select device,
            ];
        }
    }

    public void Read(string nodeId, T value)
    {
        lock (_gate)
            _entries[nodeId] = new Entry(++_turn, HasFailed: false, IsRead: true, value);
    }

    public void Failed(string nodeId)
    {
        lock (_gate)
            _entries[nodeId] = (_entries.GetValueOrDefault(nodeId) ?? new Entry(0, HasFailed: true, IsRead: false, default)) with { Turn = ++_turn, HasFailed = true };
    }

    /// <summary>There is nothing to be had of it any more.</summary>
    public void Refused(string nodeId)
    {
        lock (_gate)
            _entries[nodeId] = new Entry(++_turn, HasFailed: true, IsRead: false, default);
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    sealed record Entry(long Turn, bool HasFailed, bool IsRead, T? Value);
}
