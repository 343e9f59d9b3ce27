namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// What addresses are called in <c>tailscale.src.node</c> and <c>tailscale.dst.node</c>. In order of belief: the record's own
/// descriptions of nodes, then those of recent records, both marked <c>unverified:</c> since the reporter may say what it
/// likes; then <c>unknown</c> for the tailnet's ranges and <c>external</c> for the rest. The device list, once there is one,
/// goes before all of them and without the mark. One thread's.
/// </summary>
/// <param name="dimensions">Only <c>collapse_external</c> is used.</param>
sealed class NodeNames(FlowDimensions dimensions)
{
    /// <summary>A DNS name's longest; what a forger makes longer is cut.</summary>
    const int MaxNameLength = 255;

    readonly bool _collapse = dimensions.CollapseExternal;
    readonly AddressIndex _index = new();
    readonly RememberedNames _remembered = new();

    static ReadOnlySpan<byte> Mark => "unverified:"u8;

    /// <summary>
    /// Names the record's nodes and remembers them for later ones, unless the reporter describes itself as somebody else.
    /// Texts taken from the record before are not good for the names.
    /// </summary>
    public void Learn(FlowRecord record, ReadOnlySpan<byte> payload, ReporterConsistency consistency, long now)
    {
        foreach (ref var node in record.Nodes)
            node.DisplayName = Render(node, payload, record);

        _index.Build(record);
        if (consistency == ReporterConsistency.Mismatch)
            return;

        var text = record.Text(payload);
        foreach (ref readonly var node in record.Nodes)
            Remember(node, record, text, now);
    }

    /// <summary>The record's description of the node with this address: its index, or -1.</summary>
    public int NodeOf(in FlowEndpoint endpoint) => endpoint.IsPresent ? _index.Find(endpoint.Address) : -1;

    /// <summary>Empty for an absent end; good until the next <see cref="Learn"/>.</summary>
    /// <param name="node">From <see cref="NodeOf"/>.</param>
    public ReadOnlySpan<byte> Of(in FlowEndpoint endpoint, int node, FlowRecord record, FlowText text, long now)
    {
        if (!endpoint.IsPresent)
            return default;
        if (node >= 0 && !record.Nodes[node].DisplayName.IsEmpty)
            return text[record.Nodes[node].DisplayName];
        if (endpoint.Address.IsTailscale)
        {
            var remembered = _remembered.Get(endpoint.Address, now);
            if (!remembered.IsEmpty)
                return remembered;
        }

        if (!_collapse)
            return text[endpoint.Host];
        return endpoint.Address.IsTailscale ? "unknown"u8 : "external"u8;
    }

    /// <summary>The reporting node's name; empty when nobody told it.</summary>
    public ReadOnlySpan<byte> OfReporter(FlowRecord record, FlowText text, ReporterConsistency consistency, long now)
    {
        if (consistency == ReporterConsistency.Match && !record.Nodes[record.Reporter].DisplayName.IsEmpty)
            return text[record.Nodes[record.Reporter].DisplayName];

        return _remembered.Get(RememberedNames.KeyOf(text[record.NodeId]), now);
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
