namespace Tailscale2Otel.Enrichment;

/// <summary>
/// Strict reading of IP addresses (RFC 4291, section 2.2; IPv4 in four decimal parts without leading zeros). The platform's
/// parser allocates, takes a bare number for an address and looks zones up on the host.
/// </summary>
static class IpText
{
    public static bool TryParse(ReadOnlySpan<byte> text, out IpValue value) =>
        text.Contains((byte)':') ? TryParseV6(text, out value) : TryParseV4(text, out value);

    static bool TryParseV4(ReadOnlySpan<byte> text, out IpValue value)
    {
        value = default;
        if (!TryReadV4(text, out var bits))
            return false;

        value = new IpValue(0, bits, IpFamily.V4);
        return true;
    }

    static bool TryReadV4(ReadOnlySpan<byte> text, out uint bits)
    {
        bits = 0;
        var parts = 0;
        var digits = 0;
        var part = 0u;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit <= 9)
            {
                if (digits > 0 && part == 0)
                    return false;
                part = (part * 10) + digit;
                if (++digits > 3 || part > 255)
                    return false;
            }
            else
            {
                if (c != '.' || digits == 0 || ++parts > 3)
                    return false;
                bits = (bits << 8) | part;
                part = 0;
                digits = 0;
            }
        }

        bits = (bits << 8) | part;
        return parts == 3 && digits > 0;
    }

    static bool TryParseV6(ReadOnlySpan<byte> text, out IpValue value)
    {
        value = default;
        Span<ushort> groups = stackalloc ushort[8];
        var count = 0;
        var gap = -1;
        var at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            at = 2;
        }

        while (at < text.Length)
        {
            if (count == 8)
                return false;

            var used = ReadGroup(text[at..], out var group);
            if (used == 0)
                return false;

            if (at + used < text.Length && text[at + used] == '.')
            {
                if (count > 6 || !TryReadV4(text[at..], out var tail))
                    return false;
                groups[count++] = (ushort)(tail >> 16);
                groups[count++] = (ushort)tail;
                break;
            }

            groups[count++] = group;
            at += used;
            if (at == text.Length)
                break;
            if (text[at++] != ':' || at == text.Length)
                return false;
            if (text[at] != ':')
                continue;
            if (gap >= 0)
                return false;

            gap = count;
            at++;
        }

        if (gap < 0 ? count != 8 : count == 8)
            return false;

        value = Join(groups, count, gap);
        return true;
    }

    static int ReadGroup(ReadOnlySpan<byte> text, out ushort group)
    {
        var value = 0;
        var used = 0;
        while (used < text.Length && used < 4 && char.IsAsciiHexDigit((char)text[used]))
        {
            var c = text[used++];
            value = (value << 4) | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        group = (ushort)value;
        return used < text.Length && char.IsAsciiHexDigit((char)text[used]) ? 0 : used;
    }

    /// <param name="gap">Groups before <c>::</c>, which stands for as many zeros as are missing; negative when there is none.</param>
    static IpValue Join(ReadOnlySpan<ushort> groups, int count, int gap)
    {
        UInt128 bits = 0;
        for (var i = 0; i < count; i++)
        {
            if (i == gap)
                bits <<= 16 * (8 - count);
            bits = (bits << 16) | groups[i];
        }

        if (gap == count && count > 0)
            bits <<= 16 * (8 - count);
        return IpValue.V6((ulong)(bits >> 64), (ulong)bits);
    }
}
