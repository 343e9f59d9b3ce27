using System.Text;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// IP protocol numbers and their names (IANA protocol numbers): those that nodes or Tailscale's API write, and those that <c>network.transport</c> knows.
/// </summary>
static class Transport
{
    /// <summary>Every known name in reading; <see cref="NameOf"/> has its own, shorter list for writing.</summary>
    static readonly (byte[] Name, byte Number)[] Names =
    [
        ("icmp"u8.ToArray(), 1), ("icmpv4"u8.ToArray(), 1), ("igmp"u8.ToArray(), 2), ("ipv4"u8.ToArray(), 4), ("ip-in-ip"u8.ToArray(), 4),
        ("tcp"u8.ToArray(), 6), ("egp"u8.ToArray(), 8), ("igp"u8.ToArray(), 9), ("udp"u8.ToArray(), 17), ("dccp"u8.ToArray(), 33),
        ("gre"u8.ToArray(), 47), ("esp"u8.ToArray(), 50), ("ah"u8.ToArray(), 51), ("ipv6-icmp"u8.ToArray(), 58), ("icmpv6"u8.ToArray(), 58),
        ("ospf"u8.ToArray(), 89), ("tsmp"u8.ToArray(), 99), ("sctp"u8.ToArray(), 132),
    ];

    static readonly byte[][] Written = [.. Enumerable.Range(0, 256).Select(Write)];

    /// <summary>The number of a name in any case, or <see cref="FlowRow.UnknownProtocol"/>: the set of names is open.</summary>
    public static short NumberOf(ReadOnlySpan<byte> name)
    {
        foreach (var (known, number) in Names)
        {
            if (Ascii.EqualsIgnoreCase(name, known))
                return number;
        }

        return FlowRow.UnknownProtocol;
    }

    public static ReadOnlySpan<byte> NameOf(int number) => number is > 0 and <= 255 ? Written[number] : "unknown"u8;

    static byte[] Write(int number) => number switch
    {
        1 => "icmp"u8.ToArray(),
        2 => "igmp"u8.ToArray(),
        6 => "tcp"u8.ToArray(),
        17 => "udp"u8.ToArray(),
        47 => "gre"u8.ToArray(),
        50 => "esp"u8.ToArray(),
        51 => "ah"u8.ToArray(),
        58 => "ipv6-icmp"u8.ToArray(),
        89 => "ospf"u8.ToArray(),
        99 => "tsmp"u8.ToArray(),
        132 => "sctp"u8.ToArray(),
        _ => Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    };
}
