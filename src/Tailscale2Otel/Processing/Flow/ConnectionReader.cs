using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Resolves the rows of one record into connections: protocol, path, service and who both ends are.</summary>
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
        var source = _names.EndOf(row.Source, _record, _text, _now);
        var isDerp = row.IsDerp;
        var destination = isDerp ? default : _names.EndOf(row.Destination, _record, _text, _now);
        return new FlowConnection
        {
            Type = row.Type,
            Transport = Transport.NameOf(row.Protocol),
            HasProtocol = row.Protocol != 0,
            SourceAddress = _text[row.Source.Host],
            DestinationAddress = _text[row.Destination.Host],
            SourcePort = row.Source.Port,
            DestinationPort = row.Destination.Port,
            SourceNode = source.Name,
            DestinationNode = destination.Name,
            Service = isDerp || row.Destination.Port == 0 ? default : PortNames.Lookup(row.Protocol, row.Destination.Port),
            Path = row.Type != TrafficType.Physical ? default : isDerp ? "derp"u8 : "direct"u8,
            DerpRegion = isDerp ? Digits(row.Destination.Port, region) : default,
            SourceUser = source.User,
            SourceTags = source.Tags,
            SourceOs = source.Os,
            DestinationUser = destination.User,
            DestinationTags = destination.Tags,
            DestinationOs = destination.Os,
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
