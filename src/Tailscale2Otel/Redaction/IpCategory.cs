using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Redaction;

/// <summary>Which category an IP address belongs to, by its range.</summary>
static class IpCategory
{
    /// <summary>The longest text of an IPv6 address, with an IPv4 address at its end.</summary>
    const int LongestV6 = 45;

    /// <summary><see cref="PiiCategories.None"/> when the text is not one address, with or without port, brackets, zone or prefix length.</summary>
    public static PiiCategories Of(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text.StartsWith("["u8))
        {
            var end = text.IndexOf((byte)']');
            return end < 0 ? PiiCategories.None : OfV6(Bare(text[1..end]));
        }

        text = Bare(text);
        if (text.Count((byte)':') == 1)
            text = text[..text.IndexOf((byte)':')];
        return TryParseV4(text, out var v4, out var length) && length == text.Length ? OfV4(v4) : OfV6(text);
    }

    /// <summary>Reads dotted decimal at the beginning of a text.</summary>
    public static bool TryParseV4(ReadOnlySpan<byte> text, out uint address, out int length)
    {
        address = 0;
        length = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (length == text.Length || text[length++] != '.'))
                return false;

            var value = 0u;
            var start = length;
            for (; length < text.Length && length - start < 3 && char.IsAsciiDigit((char)text[length]); length++)
                value = value * 10 + text[length] - '0';
            if (length == start || value > 255)
                return false;
            address = address << 8 | value;
        }

        return length == text.Length || !char.IsAsciiDigit((char)text[length]);
    }

    public static PiiCategories OfV4(uint address) => address switch
    {
        _ when address >> 22 == 0x6440_0000 >> 22 => PiiCategories.TailscaleIps,
        _ when address >> 24 is 10 or 127 || address >> 20 == 0xAC1 || address >> 16 is 0xC0A8 or 0xA9FE => PiiCategories.InternalIps,
        _ => PiiCategories.ExternalIps,
    };

    public static PiiCategories OfV6(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > LongestV6 || !text.Contains((byte)':') || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return PiiCategories.None;

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        if (address.IsIPv4MappedToIPv6)
            return OfV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x7A, 0x11, 0x5C, 0xA1, 0xE0]))
            return PiiCategories.TailscaleIps;
        return (bytes[0] & 0xFE) == 0xFC || address.IsIPv6LinkLocal || IPAddress.IsLoopback(address) ? PiiCategories.InternalIps : PiiCategories.ExternalIps;
    }

    /// <summary>Without the zone or the length of a prefix.</summary>
    static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'%', (byte)'/');
        return end < 0 ? text : text[..end];
    }
}
