namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// One connection of a flow record, resolved: what the log record says of it and what the flow metrics count. Text is UTF-8;
/// an empty span means absent. Spans are good for the duration of the call that they are passed to. It is large: one is made
/// for a record, and <see cref="ConnectionReader"/> writes into it what differs from row to row.
/// </summary>
ref struct FlowConnection
{
    public TrafficType Type { readonly get; set; }

    /// <summary>What the texts below say of the series that it is counted in, as numbers; the default leaves it to the texts.</summary>
    public Likeness Likeness;

    /// <summary><c>network.transport</c>, never empty.</summary>
    public ReadOnlySpan<byte> Transport { readonly get; set; }

    /// <summary>False when <c>proto</c> was absent from the row.</summary>
    public bool HasProtocol { readonly get; set; }

    /// <summary><c>source.address</c> and <c>destination.address</c>: the address without the port.</summary>
    public ReadOnlySpan<byte> SourceAddress { readonly get; set; }

    public ReadOnlySpan<byte> DestinationAddress { readonly get; set; }

    /// <summary>0: none.</summary>
    public int SourcePort { readonly get; set; }

    public int DestinationPort { readonly get; set; }

    /// <summary><c>tailscale.src.node</c> and <c>tailscale.dst.node</c>.</summary>
    public ReadOnlySpan<byte> SourceNode { readonly get; set; }

    public ReadOnlySpan<byte> DestinationNode { readonly get; set; }

    /// <summary><c>tailscale.dst.service</c>.</summary>
    public ReadOnlySpan<byte> Service { readonly get; set; }

    /// <summary><c>tailscale.path</c>: <c>direct</c>, <c>derp</c>; only physical traffic has one.</summary>
    public ReadOnlySpan<byte> Path { readonly get; set; }

    /// <summary><c>tailscale.derp.region_id</c>.</summary>
    public ReadOnlySpan<byte> DerpRegion { readonly get; set; }

    public ReadOnlySpan<byte> SourceUser { readonly get; set; }

    public ReadOnlySpan<byte> SourceTags { readonly get; set; }

    public ReadOnlySpan<byte> SourceOs { readonly get; set; }

    public ReadOnlySpan<byte> DestinationUser { readonly get; set; }

    public ReadOnlySpan<byte> DestinationTags { readonly get; set; }

    public ReadOnlySpan<byte> DestinationOs { readonly get; set; }

    /// <summary>The reporting node's name for <c>tailscale.exit_node</c>: its host name, else its ID, else <c>unknown</c>.</summary>
    public ReadOnlySpan<byte> Reporter { readonly get; set; }

    public ulong TxBytes { readonly get; set; }

    public ulong RxBytes { readonly get; set; }

    public ulong TxPackets { readonly get; set; }

    public ulong RxPackets { readonly get; set; }
}
