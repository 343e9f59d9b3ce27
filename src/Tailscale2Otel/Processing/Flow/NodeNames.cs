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

    readonly AddressIndex _index = new();
    readonly RememberedNames _remembered = new();
    DeviceTable _devices = DeviceTable.Empty;

    /// <summary>False when <see cref="EndOf"/> may answer with the endpoint's text, of which one address can have several.</summary>
    public bool DependOnAddressesOnly { get; } = dimensions.CollapseExternal;

    static ReadOnlySpan<byte> Mark => "unverified:"u8;

    /// <summary>
    /// Names the record's nodes and remembers them for later ones, unless the reporter describes itself as somebody else.
    /// Texts taken from the record before are not good for the names.
    /// </summary>
    public void Learn(FlowRecord record, ReadOnlySpan<byte> payload, ReporterConsistency consistency, long now)
    {
        foreach (ref var node in record.Nodes)
            node.DisplayName = Render(node, payload, record);

        // One list for the whole record, also when the next one comes meanwhile.
        _devices = devices.Current;
        _index.Build(record);
        if (consistency == ReporterConsistency.Mismatch)
            return;

        var text = record.Text(payload);
        foreach (ref readonly var node in record.Nodes)
            Remember(node, record, text, now);
    }

    /// <summary>Good until the next <see cref="Learn"/>.</summary>
    public FlowEnd EndOf(scoped in FlowEndpoint endpoint, FlowRecord record, FlowText text, long now)
    {
        if (!endpoint.IsPresent)
            return default;

        var device = _devices.FindByAddress(endpoint.Address);
        if (device.IsFound)
            return new FlowEnd { Name = device.Name, User = device.User, Tags = device.Tags, Os = device.Os };

        var node = _index.Find(endpoint.Address);
        if (node < 0)
            return new FlowEnd { Name = NameOf(endpoint, text, now) };

        ref readonly var described = ref record.Nodes[node];
        return new FlowEnd
        {
            Name = described.DisplayName.IsEmpty ? NameOf(endpoint, text, now) : text[described.DisplayName],
            User = text[described.User],
            Tags = text[described.Tags],
            Os = text[described.Os],
        };
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

    /// <summary>The name of an address that neither the list nor the record has one for.</summary>
    ReadOnlySpan<byte> NameOf(scoped in FlowEndpoint endpoint, FlowText text, long now)
    {
        if (endpoint.Address.IsTailscale)
        {
            var remembered = _remembered.Get(endpoint.Address, now);
            if (!remembered.IsEmpty)
                return remembered;
        }

        if (!DependOnAddressesOnly)
            return text[endpoint.Host];
        return endpoint.Address.IsTailscale ? "unknown"u8 : "external"u8;
    }

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
