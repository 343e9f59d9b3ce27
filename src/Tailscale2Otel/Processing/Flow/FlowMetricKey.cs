using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// How a connection becomes the key of its series. The fields that survive folding come first, then nodes and identity, then
/// the ports that only the raw family has: the keys of both families and of the fold are made of the same bytes.
/// </summary>
sealed class FlowMetricKey(FlowDimensions dimensions)
{
    /// <summary>Attributes of the rollup family.</summary>
    public static readonly string[] RollupAttributes =
    [
        "network.transport", "tailscale.traffic_type", "tailscale.dst.service", "tailscale.path", "tailscale.derp.region_id",
        "tailscale.src.node", "tailscale.dst.node",
        "tailscale.src.user", "tailscale.src.tags", "tailscale.src.os", "tailscale.dst.user", "tailscale.dst.tags", "tailscale.dst.os",
    ];

    /// <summary>Attributes of the raw family.</summary>
    public static readonly string[] RawAttributes = [.. RollupAttributes, "source.port", "destination.port"];

    /// <summary>Fields that a folded key keeps.</summary>
    const int FoldFields = 5;

    const int IdentityFields = 6;

    readonly bool _nodes = dimensions.NodeDims;
    readonly bool _identity = dimensions.NodeDims && dimensions.IdentityDims;
    readonly bool _sourcePort = dimensions.SourcePort;
    readonly bool _destinationPort = dimensions.DestinationPort;
    readonly byte[] _buffer = new byte[CounterKey.SizeFor(RawAttributes.Length)];
    readonly byte[] _foldBuffer = new byte[CounterKey.SizeFor(RollupAttributes.Length)];

    /// <summary>Good until the next call, like the keys of the other methods.</summary>
    public ReadOnlySpan<byte> Rollup(in FlowConnection connection)
    {
        var key = new CounterKey(_buffer);
        AddRollup(ref key, connection);
        return key.Bytes;
    }

    public ReadOnlySpan<byte> Raw(in FlowConnection connection)
    {
        var key = new CounterKey(_buffer);
        AddRollup(ref key, connection);
        AddPort(ref key, _sourcePort, connection.SourcePort);
        AddPort(ref key, _destinationPort, connection.DestinationPort);
        return key.Bytes;
    }

    /// <summary>The key of the series that a rollup key is folded into; without node dimensions there is nothing to fold.</summary>
    public ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> rollup)
    {
        if (!_nodes)
            return rollup;

        var kept = CounterKey.FirstFields(rollup, FoldFields);
        kept.CopyTo(_foldBuffer);
        var rest = new CounterKey(_foldBuffer.AsSpan(kept.Length));
        rest.Add(FlowMetricNames.Folded);
        rest.Add(FlowMetricNames.Folded);
        rest.AddEmpty(IdentityFields);
        return _foldBuffer.AsSpan(0, kept.Length + rest.Bytes.Length);
    }

    void AddRollup(ref CounterKey key, in FlowConnection connection)
    {
        key.Add(connection.Transport);
        key.Add(TrafficTypes.NameOf(connection.Type));
        key.Add(connection.Service);
        key.Add(connection.Path);
        key.Add(connection.DerpRegion);
        key.Add(_nodes ? connection.SourceNode : default);
        key.Add(_nodes ? connection.DestinationNode : default);
        if (!_identity)
        {
            key.AddEmpty(IdentityFields);
            return;
        }

        key.Add(connection.SourceUser);
        key.Add(connection.SourceTags);
        key.Add(connection.SourceOs);
        key.Add(connection.DestinationUser);
        key.Add(connection.DestinationTags);
        key.Add(connection.DestinationOs);
    }

    static void AddPort(scoped ref CounterKey key, bool wanted, int port)
    {
        Span<byte> digits = stackalloc byte[8];
        var length = 0;
        if (wanted && port > 0)
            _ = port.TryFormat(digits, out length);
        key.Add(digits[..length]);
    }
}
