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

        var last = connection.Likeness;
        var source = ReadSource(row.Source, last.Source, ref connection);
        if (row.IsDerp)
        {
            var relay = ReadRelay(row.Destination, last.Destination, ref connection);
            connection.Service = default;
            connection.Path = "derp"u8;
            connection.Likeness = new Likeness(source, relay, 0, row.Protocol, row.Type);
            return;
        }

        var destination = ReadDestination(row.Destination, last.Destination, ref connection);
        var service = PortNames.NumberOf(row.Protocol, row.Destination.Port);
        if (service != last.Service)
            connection.Service = PortNames.NameOf(service);
        connection.Path = row.Type == TrafficType.Physical ? "direct"u8 : default;
        connection.Likeness = new Likeness(source, destination, service, row.Protocol, row.Type);
    }

    EndId ReadSource(scoped in FlowEndpoint endpoint, EndId last, ref FlowConnection connection)
    {
        if (endpoint.Address == _source && IsOfAddress(last))
            return last;

        _source = endpoint.Address;
        var id = _names.Find(endpoint, _record, _now);
        if (id == last && !id.IsAlone)
            return id;

        var end = _names.EndOf(id, endpoint, _record, _text, _now);
        connection.SourceNode = end.Name;
        connection.SourceUser = end.User;
        connection.SourceTags = end.Tags;
        connection.SourceOs = end.Os;
        return id;
    }

    EndId ReadDestination(scoped in FlowEndpoint endpoint, EndId last, ref FlowConnection connection)
    {
        if (endpoint.Address == _destination && IsOfAddress(last))
            return last;

        _destination = endpoint.Address;
        var id = _names.Find(endpoint, _record, _now);
        if (id == last && !id.IsAlone)
            return id;

        connection.DerpRegion = default;
        WriteDestination(_names.EndOf(id, endpoint, _record, _text, _now), ref connection);
        return id;
    }

    /// <summary>A DERP server in the place of the other end: its port is the region, and there is nobody to name.</summary>
    EndId ReadRelay(scoped in FlowEndpoint relay, EndId last, ref FlowConnection connection)
    {
        var id = new EndId(EndKind.Relay, relay.Port);
        if (id == last)
            return id;

        connection.DerpRegion = Digits(relay.Port, _region);
        WriteDestination(default, ref connection);
        return id;
    }

    /// <summary>Whether whoever has the same address is the same end.</summary>
    static bool IsOfAddress(EndId id) => id.Kind is not (EndKind.Alone or EndKind.Relay);

    static void WriteDestination(FlowEnd end, ref FlowConnection connection)
    {
        connection.DestinationNode = end.Name;
        connection.DestinationUser = end.User;
        connection.DestinationTags = end.Tags;
        connection.DestinationOs = end.Os;
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
