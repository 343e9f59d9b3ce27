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

    /// <summary>
    /// Differs where rows do, as far as chance goes; whoever wants to make two that are alike can. Products of which none has to
    /// wait for another.
    /// </summary>
    public readonly ulong Fingerprint
    {
        get
        {
            // Of an end that is absent, nothing but that is in the content key either.
            var (sourcePort, sourceZone) = Source.IsPresent ? (Source.Port, Source.Zone) : default;
            var (destinationPort, destinationZone) = Destination.IsPresent ? (Destination.Port, Destination.Zone) : default;
            var ends = ((ulong)sourcePort << 16) | destinationPort | ((ulong)Source.Address.Family << 32) | ((ulong)Destination.Address.Family << 40)
                | ((ulong)(ushort)Protocol << 48);
            var sum = 1 + (Source.Address.Low * 0x9E37_79B9_7F4A_7C15) + (Source.Address.High * 0xD6E8_FEB8_6659_FD93) + (sourceZone * 0xA076_1D64_78BD_642F)
                + (Destination.Address.Low * 0xC2B2_AE3D_27D4_EB4F) + (Destination.Address.High * 0xE703_7ED1_A0B4_28DB) + (destinationZone * 0x8EBC_6AF0_9C88_C6E3)
                + (TxPackets * 0x5899_65CC_7537_4CC3) + (TxBytes * 0x1D8E_4E27_C47D_124F) + (RxPackets * 0xEB44_ACCA_B455_D165) + (RxBytes * 0x2127_599B_F432_5C37)
                + (ends * 0x8803_55F2_1E6D_1965);
            return (sum ^ (sum >> 32)) * 0x9FB2_1C65_1E98_DF25;
        }
    }

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
