namespace Tailscale2Otel.Enrichment;

/// <summary>
/// What signals say of one device, as UTF-8 that was encoded when the list came. The default is no device, and all of it empty.
/// It keeps the list that it is of alive, so that its texts stay good after the next one.
/// </summary>
readonly struct IndexedDevice(DeviceTable table, int row)
{
    readonly DeviceTable? _table = table;
    readonly int _row = row;

    public bool IsFound => _table is not null;

    /// <summary>See <see cref="DeviceNames"/>.</summary>
    public ReadOnlySpan<byte> Name => _table is null ? default : _table.Text(_table.Row(_row).Name);

    public ReadOnlySpan<byte> NodeId => _table is null ? default : _table.Text(_table.Row(_row).NodeId);

    /// <summary>Empty for a device with tags, which belongs to nobody: the list names who added it.</summary>
    public ReadOnlySpan<byte> User => _table is null ? default : _table.Text(_table.Row(_row).User);

    /// <summary>Sorted, unique, joined by commas.</summary>
    public ReadOnlySpan<byte> Tags => _table is null ? default : _table.Text(_table.Row(_row).Tags);

    public ReadOnlySpan<byte> Os => _table is null ? default : _table.Text(_table.Row(_row).Os);

    /// <summary>Shared in: its tags are those of another tailnet.</summary>
    public bool IsExternal => _table is not null && _table.Row(_row).IsExternal;
}
