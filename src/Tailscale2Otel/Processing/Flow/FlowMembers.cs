using System.Text.Json;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Recognises member names by length and bytes, escaped ones too.</summary>
static class FlowMembers
{
    const int LongestName = 15;

    /// <param name="reader">At a property name.</param>
    public static FlowMember Of(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? OfEscaped(ref reader) : Of(reader.ValueSpan);

    static FlowMember OfEscaped(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestName * 6)
            return FlowMember.Unknown;

        Span<byte> name = stackalloc byte[LongestName * 6];
        return Of(name[..JsonText.Unescape(reader.ValueSpan, name)]);
    }

    static FlowMember Of(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2:
                return name.SequenceEqual("os"u8) ? FlowMember.Os : FlowMember.Unknown;
            case 3:
                return name.SequenceEqual("src"u8) ? FlowMember.Src
                    : name.SequenceEqual("dst"u8) ? FlowMember.Dst
                    : name.SequenceEqual("end"u8) ? FlowMember.End : FlowMember.Unknown;
            case 4:
                return name.SequenceEqual("name"u8) ? FlowMember.Name
                    : name.SequenceEqual("tags"u8) ? FlowMember.Tags
                    : name.SequenceEqual("user"u8) ? FlowMember.User
                    : name.SequenceEqual("time"u8) ? FlowMember.Time : FlowMember.Unknown;
            case 5:
                return name.SequenceEqual("proto"u8) ? FlowMember.Proto
                    : name.SequenceEqual("start"u8) ? FlowMember.Start : FlowMember.Unknown;
            case 6:
                return name.SequenceEqual("txPkts"u8) ? FlowMember.TxPkts
                    : name.SequenceEqual("rxPkts"u8) ? FlowMember.RxPkts
                    : name.SequenceEqual("nodeId"u8) ? FlowMember.NodeId
                    : name.SequenceEqual("logged"u8) ? FlowMember.Logged
                    : name.SequenceEqual("fields"u8) ? FlowMember.Fields : FlowMember.Unknown;
            case 7:
                return name.SequenceEqual("txBytes"u8) ? FlowMember.TxBytes
                    : name.SequenceEqual("rxBytes"u8) ? FlowMember.RxBytes
                    : name.SequenceEqual("srcNode"u8) ? FlowMember.SrcNode : FlowMember.Unknown;
            case 8:
                return name.SequenceEqual("dstNodes"u8) ? FlowMember.DstNodes
                    : name.SequenceEqual("recorded"u8) ? FlowMember.Recorded : FlowMember.Unknown;
            default:
                return OfLong(name);
        }
    }

    static FlowMember OfLong(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("addresses"u8) ? FlowMember.Addresses
        : name.SequenceEqual("exitTraffic"u8) ? FlowMember.ExitTraffic
        : name.SequenceEqual("subnetTraffic"u8) ? FlowMember.SubnetTraffic
        : name.SequenceEqual("virtualTraffic"u8) ? FlowMember.VirtualTraffic
        : name.SequenceEqual("physicalTraffic"u8) ? FlowMember.PhysicalTraffic
        : FlowMember.Unknown;
}
