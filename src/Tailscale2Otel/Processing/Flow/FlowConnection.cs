namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// One connection of a flow record, resolved: what the log record says of it and what the flow metrics count. Text is UTF-8;
/// an empty span means absent. Spans are good for the duration of the call that they are passed to.
/// </summary>
readonly ref struct FlowConnection
{
    public required TrafficType Type { get; init; }

    /// <summary><c>network.transport</c>, never empty.</summary>
    public required ReadOnlySpan<byte> Transport { get; init; }

    /// <summary>False when <c>proto</c> was absent from the row.</summary>
    public bool HasProtocol { get; init; }

    /// <summary><c>source.address</c> and <c>destination.address</c>: the address without the port.</summary>
    public ReadOnlySpan<byte> SourceAddress { get; init; }

    public ReadOnlySpan<byte> DestinationAddress { get; init; }

    /// <summary>0: none.</summary>
    public int SourcePort { get; init; }

    public int DestinationPort { get; init; }

    /// <summary><c>tailscale.src.node</c> and <c>tailscale.dst.node</c>.</summary>
    public ReadOnlySpan<byte> SourceNode { get; init; }

    public ReadOnlySpan<byte> DestinationNode { get; init; }

    /// <summary><c>tailscale.dst.service</c>.</summary>
    public ReadOnlySpan<byte> Service { get; init; }

    /// <summary><c>tailscale.path</c>: <c>direct</c>, <c>derp</c>; only physical traffic has one.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary><c>tailscale.derp.region_id</c>.</summary>
    public ReadOnlySpan<byte> DerpRegion { get; init; }

    public ReadOnlySpan<byte> SourceUser { get; init; }

    public ReadOnlySpan<byte> SourceTags { get; init; }

    public ReadOnlySpan<byte> SourceOs { get; init; }

    public ReadOnlySpan<byte> DestinationUser { get; init; }

    public ReadOnlySpan<byte> DestinationTags { get; init; }

    public ReadOnlySpan<byte> DestinationOs { get; init; }

    /// <summary>The reporting node's name for <c>tailscale.exit_node</c>: its host name, else its ID, else <c>unknown</c>.</summary>
    public ReadOnlySpan<byte> Reporter { get; init; }

    public ulong TxBytes { get; init; }

    public ulong RxBytes { get; init; }

    public ulong TxPackets { get; init; }

    public ulong RxPackets { get; init; }
}
