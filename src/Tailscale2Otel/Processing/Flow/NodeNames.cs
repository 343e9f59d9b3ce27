using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Who addresses and node IDs are. In order of belief: the device list; then the record's own descriptions of nodes and those of
/// recent records, both marked <c>unverified:</c> since the reporter may say what it likes; then <c>unknown</c> for the tailnet's
/// ranges and <c>external</c> for the rest. Where the list knows a device, nothing that a record says of it is used beside
/// it: a forged user next to a true name would be believed. One thread's.
/// </summary>
/// <param name="dimensions">Only <c>collapse_external</c> is used.</param>
sealed class NodeNames(FlowDimensions dimensions, DeviceIndex devices)
{
    /// <summary>A DNS name's longest; what a forger makes longer is cut.</summary>
    const int MaxNameLength = 255;

    /// <summary>Number of an <see cref="EndKind.Alone"/> that is no node of the record.</summary>
    const int NoNode = FlowRecord.MaxNodes;

    readonly AddressIndex _index = new();
    readonly RememberedNames _remembered = new();
    readonly bool _collapsesExternal = dimensions.CollapseExternal;
    DeviceTable _devices = DeviceTable.Empty;

    /// <summary>Numbers of ends go on from list to list and from record to record, so that none is used twice.</summary>
    ulong _firstDevice;
    ulong _firstNode;

    static ReadOnlySpan<byte> Mark => "unverified:"u8;

    /// <summary>
    /// Names the record's nodes and remembers them for later ones, unless the reporter describes itself as somebody else.
    /// Texts taken from the record before are not good for the names.
    /// </summary>
    public void Learn(FlowRecord record, ReadOnlySpan<byte> payload, ReporterConsistency consistency, long now)
    {
        foreach (ref var node in record.Nodes)
            node.DisplayName = Render(node, payload, record);

        UseCurrentDevices();
        _firstNode += FlowRecord.MaxNodes;
        _index.Build(record);
        if (consistency == ReporterConsistency.Mismatch)
            return;

        var text = record.Text(payload);
        foreach (ref readonly var node in record.Nodes)
            Remember(node, record, text, now);
    }

    /// <summary>Who has the endpoint's address. Good until the next <see cref="Learn"/>, like <see cref="EndOf"/>.</summary>
    public EndId Find(scoped in FlowEndpoint endpoint, FlowRecord record, long now)
    {
        if (!endpoint.IsPresent)
            return new EndId(EndKind.Absent);

        var device = _devices.RowOf(endpoint.Address);
        if (device >= 0)
            return new EndId(EndKind.Device, _firstDevice + (ulong)device);

        var node = _index.Find(endpoint.Address);
        if (node < 0)
            return FindUndescribed(endpoint.Address, now);

        return record.Nodes[node].DisplayName.IsEmpty ? new EndId(EndKind.Alone, (ulong)node) : new EndId(EndKind.Described, _firstNode + (ulong)node);
    }

    /// <param name="id">What <see cref="Find"/> says of the endpoint.</param>
    public FlowEnd EndOf(EndId id, scoped in FlowEndpoint endpoint, FlowRecord record, FlowText text, long now)
    {
        switch (id.Kind)
        {
            case EndKind.Device:
                var device = new IndexedDevice(_devices, (int)(id.Number - _firstDevice));
                return new FlowEnd { Name = device.Name, User = device.User, Tags = device.Tags, Os = device.Os };
            case EndKind.Described:
                ref readonly var node = ref record.Nodes[(int)(id.Number - _firstNode)];
                return Describe(node, text[node.DisplayName], text);
            case EndKind.Alone when id.Number != NoNode:
                return Describe(record.Nodes[(int)id.Number], NameOf(FindUndescribed(endpoint.Address, now), endpoint, text), text);
            default:
                return new FlowEnd { Name = NameOf(id, endpoint, text) };
        }
    }

    /// <summary>The reporting node in the device list, by its ID.</summary>
    public IndexedDevice ReporterOf(FlowRecord record, FlowText text) => _devices.FindById(text[record.NodeId]);

    /// <summary>The reporting node's name; empty when nobody told it.</summary>
    /// <param name="device">Of <see cref="ReporterOf"/>.</param>
    public ReadOnlySpan<byte> NameOf(IndexedDevice device, FlowRecord record, FlowText text, ReporterConsistency consistency, long now)
    {
        if (device.IsFound)
            return device.Name;
        if (consistency == ReporterConsistency.Match && !record.Nodes[record.Reporter].DisplayName.IsEmpty)
            return text[record.Nodes[record.Reporter].DisplayName];

        return _remembered.Get(RememberedNames.KeyOf(text[record.NodeId]), now);
    }

    /// <summary>One list for the whole record, also when the next one comes meanwhile.</summary>
    void UseCurrentDevices()
    {
        var current = devices.Current;
        if (current == _devices)
            return;

        _firstDevice += (ulong)_devices.Count;
        _devices = current;
    }

    /// <summary>Who has an address that neither the list nor the record has a name for.</summary>
    EndId FindUndescribed(in IpValue address, long now)
    {
        var isTailscale = address.IsTailscale;
        var remembered = isTailscale ? _remembered.NumberOf(address, now) : 0;
        if (remembered != 0)
            return new EndId(EndKind.Remembered, remembered);
        // Its text is its name, of which one address can have several.
        if (!_collapsesExternal)
            return new EndId(EndKind.Alone, NoNode);

        return new EndId(isTailscale ? EndKind.Unknown : EndKind.External);
    }

    /// <param name="id">Of <see cref="FindUndescribed"/>, or of an absent end.</param>
    ReadOnlySpan<byte> NameOf(EndId id, scoped in FlowEndpoint endpoint, FlowText text) => id.Kind switch
    {
        EndKind.Remembered => _remembered.NameOf(id.Number),
        EndKind.Unknown => "unknown"u8,
        EndKind.External => "external"u8,
        EndKind.Alone => text[endpoint.Host],
        _ => default,
    };

    static FlowEnd Describe(in FlowNode node, ReadOnlySpan<byte> name, FlowText text) =>
        new() { Name = name, User = text[node.User], Tags = text[node.Tags], Os = text[node.Os] };

    void Remember(in FlowNode node, FlowRecord record, FlowText text, long now)
    {
        if (node.DisplayName.IsEmpty)
            return;

        var name = text[node.DisplayName];
        if (!node.NodeId.IsEmpty)
            _remembered.Put(RememberedNames.KeyOf(text[node.NodeId]), name, now);
        foreach (ref readonly var address in record.Addresses.Slice(node.FirstAddress, node.AddressCount))
        {
            if (address.IsTailscale)
                _remembered.Put(address, name, now);
        }
    }

    /// <summary>The first label of the MagicDNS name, or the node ID when there is no name.</summary>
    static TextSlice Render(in FlowNode node, ReadOnlySpan<byte> payload, FlowRecord record)
    {
        var text = record.Text(payload);
        var name = text[node.Name];
        var dot = name.IndexOf((byte)'.');
        if (dot > 0)
            name = name[..dot];
        if (name.IsEmpty)
            name = text[node.NodeId];
        if (name.IsEmpty)
            return default;
        if (name.Length > MaxNameLength)
            name = name[..MaxNameLength];

        var rendered = record.Reserve(Mark.Length + name.Length);
        Mark.CopyTo(rendered);
        name.CopyTo(rendered[Mark.Length..]);
        return record.Commit(rendered.Length);
    }
}
