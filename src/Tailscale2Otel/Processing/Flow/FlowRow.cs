using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>One entry of a traffic array, read and taken apart, in a table that is used again for every record.</summary>
struct FlowRow
{
    /// <summary><see cref="Protocol"/> of a name that nobody has told us.</summary>
    public const short UnknownProtocol = -1;

    public FlowEndpoint Source;
    public FlowEndpoint Destination;
    public ulong TxPackets;
    public ulong TxBytes;
    public ulong RxPackets;
    public ulong RxBytes;

    /// <summary>0 when absent, as nodes leave it out when it is 0.</summary>
    public short Protocol;
    public TrafficType Type;

    public readonly bool IsDerp => Type == TrafficType.Physical && Destination.Address == IpValue.DerpMarker;

    /// <summary>The canonical order: by array, then as nodes sort them. Equal only when every field of the content key is.</summary>
    public static int Compare(in FlowRow a, in FlowRow b)
    {
        if (a.Type != b.Type)
            return a.Type < b.Type ? -1 : 1;

        var order = FlowEndpoint.Compare(a.Source, b.Source);
        if (order == 0)
            order = FlowEndpoint.Compare(a.Destination, b.Destination);
        if (order == 0)
            order = a.Protocol.CompareTo(b.Protocol);
        if (order == 0)
            order = a.TxBytes.CompareTo(b.TxBytes);
        if (order == 0)
            order = a.RxBytes.CompareTo(b.RxBytes);
        if (order == 0)
            order = a.TxPackets.CompareTo(b.TxPackets);
        return order != 0 ? order : a.RxPackets.CompareTo(b.RxPackets);
    }
}
