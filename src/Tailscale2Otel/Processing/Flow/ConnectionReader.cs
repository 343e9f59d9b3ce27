using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Resolves the rows of one record into connections: protocol, path, service and who both ends are. An end that is the
/// neighbour's too, as the reporter mostly is, is looked up once.
/// </summary>
/// <param name="region">Room for the digits of a DERP region, which a connection points to until the next is read.</param>
ref struct ConnectionReader(FlowRecord record, FlowText text, NodeNames names, long now, Span<byte> region)
{
    readonly FlowRecord _record = record;
    readonly FlowText _text = text;
    readonly NodeNames _names = names;
    readonly long _now = now;
    readonly Span<byte> _region = region;
    IpValue _source;
    IpValue _destination;

    /// <param name="connection">The one that the row before was read into, or an empty one; only <see cref="FlowConnection.Reporter"/> is left as it is.</param>
    public void Read(scoped in FlowRow row, ref FlowConnection connection)
    {
        connection.Type = row.Type;
        connection.Transport = Transport.NameOf(row.Protocol);
        connection.HasProtocol = row.Protocol != 0;
        connection.SourceAddress = _text[row.Source.Host];
        connection.DestinationAddress = _text[row.Destination.Host];
        connection.SourcePort = row.Source.Port;
        connection.DestinationPort = row.Destination.Port;
        connection.TxBytes = row.TxBytes;
        connection.RxBytes = row.RxBytes;
        connection.TxPackets = row.TxPackets;
        connection.RxPackets = row.RxPackets;
        ReadSource(row.Source, ref connection);
        if (row.IsDerp)
        {
            ReadRelay(row.Destination, ref connection);
            return;
        }

        connection.Path = row.Type == TrafficType.Physical ? "direct"u8 : default;
        connection.DerpRegion = default;
        connection.Service = row.Destination.Port == 0 ? default : PortNames.Lookup(row.Protocol, row.Destination.Port);
        ReadDestination(row.Destination, ref connection);
    }

    void ReadSource(scoped in FlowEndpoint endpoint, ref FlowConnection connection)
    {
        if (endpoint.Address == _source && _names.DependOnAddressesOnly)
            return;

        _source = endpoint.Address;
        var end = _names.EndOf(endpoint, _record, _text, _now);
        connection.SourceNode = end.Name;
        connection.SourceUser = end.User;
        connection.SourceTags = end.Tags;
        connection.SourceOs = end.Os;
    }

    void ReadDestination(scoped in FlowEndpoint endpoint, ref FlowConnection connection)
    {
        if (endpoint.Address == _destination && _names.DependOnAddressesOnly)
            return;

        _destination = endpoint.Address;
        var end = _names.EndOf(endpoint, _record, _text, _now);
        connection.DestinationNode = end.Name;
        connection.DestinationUser = end.User;
        connection.DestinationTags = end.Tags;
        connection.DestinationOs = end.Os;
    }

    /// <summary>A DERP server in the place of the other end: its port is the region, and there is nobody to name.</summary>
    void ReadRelay(scoped in FlowEndpoint relay, ref FlowConnection connection)
    {
        _destination = default;
        connection.DestinationNode = default;
        connection.DestinationUser = default;
        connection.DestinationTags = default;
        connection.DestinationOs = default;
        connection.Service = default;
        connection.Path = "derp"u8;
        connection.DerpRegion = Digits(relay.Port, _region);
    }

    static ReadOnlySpan<byte> Digits(ushort region, Span<byte> destination)
    {
        if (region == 0)
            return default;

        var text = new TextBuilder(destination);
        text.Add(region);
        return text.Text;
    }
}
