using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Resolves the rows of one record into connections: protocol, path, names, service and what the record says of both ends.</summary>
readonly ref struct ConnectionReader(FlowRecord record, FlowText text, NodeNames names, ReadOnlySpan<byte> reporter, long now)
{
    readonly FlowRecord _record = record;
    readonly FlowText _text = text;
    readonly NodeNames _names = names;
    readonly ReadOnlySpan<byte> _reporter = reporter;
    readonly long _now = now;

    /// <param name="region">Room for the digits of a DERP region, which the connection then points to.</param>
    public FlowConnection Read(in FlowRow row, Span<byte> region)
    {
        var source = _names.NodeOf(row.Source);
        var isDerp = row.IsDerp;
        var destination = isDerp ? -1 : _names.NodeOf(row.Destination);
        return new FlowConnection
        {
            Type = row.Type,
            Transport = Transport.NameOf(row.Protocol),
            HasProtocol = row.Protocol != 0,
            SourceAddress = _text[row.Source.Host],
            DestinationAddress = _text[row.Destination.Host],
            SourcePort = row.Source.Port,
            DestinationPort = row.Destination.Port,
            SourceNode = _names.Of(row.Source, source, _record, _text, _now),
            DestinationNode = isDerp ? default : _names.Of(row.Destination, destination, _record, _text, _now),
            Service = isDerp || row.Destination.Port == 0 ? default : PortNames.Lookup(row.Protocol, row.Destination.Port),
            Path = row.Type != TrafficType.Physical ? default : isDerp ? "derp"u8 : "direct"u8,
            DerpRegion = isDerp ? Digits(row.Destination.Port, region) : default,
            SourceUser = source < 0 ? default : _text[_record.Nodes[source].User],
            SourceTags = source < 0 ? default : _text[_record.Nodes[source].Tags],
            SourceOs = source < 0 ? default : _text[_record.Nodes[source].Os],
            DestinationUser = destination < 0 ? default : _text[_record.Nodes[destination].User],
            DestinationTags = destination < 0 ? default : _text[_record.Nodes[destination].Tags],
            DestinationOs = destination < 0 ? default : _text[_record.Nodes[destination].Os],
            Reporter = _reporter,
            TxBytes = row.TxBytes,
            RxBytes = row.RxBytes,
            TxPackets = row.TxPackets,
            RxPackets = row.RxPackets,
        };
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
