using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Reads rows in the one form in which nodes write them: members in their order, any of them absent, no white space, no
/// escapes, plain whole numbers. Whatever looks different, wrong things included, is left to the JSON reader: the scanner only
/// says yes. Numbers and addresses are taken apart without a branch for each digit, since their lengths are what no processor
/// can guess.
/// </summary>
static class RowScanner
{
    /// <summary>Longest number that cannot overflow.</summary>
    const int MaxDigits = 19;

    /// <summary>An IPv4 endpoint with its closing quote, and what is read past it.</summary>
    const int EndpointWindow = 32;

    /// <summary>Characters of <c>255.255.255.255</c>.</summary>
    const int IPv4Length = 15;

    /// <summary>Characters of <c>255.255.255.255:65535</c>.</summary>
    const int IPv4EndpointLength = 21;

    const ulong Zeros = 0x3030_3030_3030_3030;

    /// <param name="at">Behind the array's opening bracket.</param>
    /// <returns>
    /// Where a reader that stands behind the opening bracket has to go on: at a row or at the closing bracket. Negative when no
    /// reader could.
    /// </returns>
    public static int Scan(ReadOnlySpan<byte> payload, int at, FlowRecord record, TrafficType type)
    {
        while (record.Rows.Length < FlowRecord.MaxRows)
        {
            ref var row = ref record.AddRow();
            row.Type = type;
            var end = Row(payload, at, ref row, record.Rows[Math.Max(record.Rows.Length - 2, 0)].Source);
            if (end < 0)
            {
                record.RemoveRow();
                return at;
            }

            var next = SkipSpace(payload, end);
            if (next < payload.Length && payload[next] == ']')
                return next;
            if (next >= payload.Length || payload[next] != ',')
                return -1;

            at = SkipSpace(payload, next + 1);
            if (at < payload.Length && payload[at] == ']')
                return -1;
        }

        return at;
    }

    /// <param name="last">The source of the row before.</param>
    /// <returns>Behind the row; negative when it is not one in the plain form.</returns>
    static int Row(ReadOnlySpan<byte> payload, int at, ref FlowRow row, in FlowEndpoint last)
    {
        if (at >= payload.Length || payload[at] != '{')
            return -1;

        at++;
        if (payload[at..].StartsWith("\"proto\":"u8))
        {
            at = Number(payload, at + 8, out var protocol);
            row.Protocol = (short)protocol;
            if (protocol > 255)
                return -1;
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (payload[at..].StartsWith("\"src\":\""u8))
        {
            at += 7;
            var end = SameAddress(payload, at, last, ref row.Source);
            at = end >= 0 ? end : Endpoint(payload, at, out row.Source);
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (payload[at..].StartsWith("\"dst\":\""u8))
        {
            at = Endpoint(payload, at + 7, out row.Destination);
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (payload[at..].StartsWith("\"txPkts\":"u8))
        {
            at = Number(payload, at + 9, out row.TxPackets);
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (payload[at..].StartsWith("\"txBytes\":"u8))
        {
            at = Number(payload, at + 10, out row.TxBytes);
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (payload[at..].StartsWith("\"rxPkts\":"u8))
        {
            at = Number(payload, at + 9, out row.RxPackets);
            if (!GoesOn(payload, ref at))
                return at;
        }

        if (!payload[at..].StartsWith("\"rxBytes\":"u8))
            return -1;
        at = Number(payload, at + 10, out row.RxBytes);
        return GoesOn(payload, ref at) ? -1 : at;
    }

    /// <summary>
    /// True at a comma, which is passed. False at the end of the row, which is passed too, and for anything else, which makes
    /// <paramref name="at"/> negative, as it is after a value that was not in the plain form.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool GoesOn(ReadOnlySpan<byte> payload, ref int at)
    {
        if ((uint)at >= (uint)payload.Length)
        {
            at = -1;
            return false;
        }

        var next = payload[at];
        at = next is (byte)',' or (byte)'}' ? at + 1 : -1;
        return next == ',';
    }

    /// <summary>Another port of the address that the row before had: rows of one node mostly do.</summary>
    /// <returns>Behind the endpoint; negative when it is not that, and <paramref name="endpoint"/> is as it was.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int SameAddress(ReadOnlySpan<byte> payload, int start, in FlowEndpoint last, ref FlowEndpoint endpoint)
    {
        if (last.Address.Family != IpFamily.V4 || last.Host.Start < 0 || last.Host.Length > IPv4Length || payload.Length - start < EndpointWindow)
            return -1;

        // With the colon behind it. Where it stood before is nearer to the beginning, so that as much can be read there.
        ref var first = ref MemoryMarshal.GetReference(payload);
        var length = last.Host.Length + 1;
        var same = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)last.Host.Start), Vector256.LoadUnsafe(ref first, (nuint)start)).ExtractMostSignificantBits();
        if ((~same & ((1u << length) - 1)) != 0 || payload[start + length - 1] != ':')
            return -1;

        var end = Number(payload, start + length, out var port);
        if (end < 0 || port > ushort.MaxValue || payload[end] != '"')
            return -1;

        endpoint.Text = new TextSlice(start, end - start);
        endpoint.Host = new TextSlice(start, length - 1);
        endpoint.Address = last.Address;
        endpoint.Port = (ushort)port;
        return end + 1;
    }

    static int Endpoint(ReadOnlySpan<byte> payload, int at, out FlowEndpoint endpoint)
    {
        var end = V4Endpoint(payload, at, out endpoint);
        return end >= 0 ? end : AnyEndpoint(payload, at, out endpoint);
    }

    /// <summary><c>a.b.c.d:port</c>, which most of them are: the dots and the colon say where the digits are.</summary>
    static int V4Endpoint(ReadOnlySpan<byte> payload, int start, out FlowEndpoint endpoint)
    {
        endpoint = default;
        if (payload.Length - start < EndpointWindow)
            return -1;

        ref var first = ref MemoryMarshal.GetReference(payload[start..]);
        var window = Vector256.LoadUnsafe(ref first);
        var length = BitOperations.TrailingZeroCount(Vector256.Equals(window, Vector256.Create((byte)'"')).ExtractMostSignificantBits());
        var inside = (1u << length) - 1;
        var dots = Vector256.Equals(window, Vector256.Create((byte)'.')).ExtractMostSignificantBits() & inside;
        var colon = Vector256.Equals(window, Vector256.Create((byte)':')).ExtractMostSignificantBits() & inside;
        var digits = Vector256.LessThanOrEqual(window - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits() & inside;
        if (length > IPv4EndpointLength || (dots | colon | digits) != inside || BitOperations.PopCount(dots) != 3 || BitOperations.PopCount(colon) != 1 || colon < dots)
            return -1;

        var second = BitOperations.TrailingZeroCount(dots) + 1;
        dots &= dots - 1;
        var third = BitOperations.TrailingZeroCount(dots) + 1;
        var fourth = BitOperations.Log2(dots) + 1;
        var port = BitOperations.Log2(colon) + 1;
        var isPlain = Octet(ref first, 0, second - 1, out var a) & Octet(ref first, second, third - 1, out var b)
            & Octet(ref first, third, fourth - 1, out var c) & Octet(ref first, fourth, port - 1, out var d)
            & Port(ref first, port, length, out endpoint.Port);
        if (!isPlain)
            return -1;

        endpoint.Text = new TextSlice(start, length);
        endpoint.Host = new TextSlice(start, port - 1);
        endpoint.Address = new IpValue(0, (a << 24) | (b << 16) | (c << 8) | d, IpFamily.V4);
        return start + length + 1;
    }

    /// <summary>One to three digits, which are known to be digits, without a needless zero before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool Octet(ref byte first, int from, int to, out uint value)
    {
        var length = to - from;
        var digits = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, from)) ^ unchecked((uint)Zeros);
        var startsWithZero = (byte)digits == 0;
        digits <<= (32 - (8 * length)) & 31;
        value = (digits >> 24) + (((digits >> 16) & 0xFF) * 10) + (((digits >> 8) & 0xFF) * 100);
        return length is >= 1 and <= 3 & value <= 255 & !(startsWithZero & length > 1);
    }

    /// <summary>Like <see cref="Octet"/>, of one to five digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool Port(ref byte first, int from, int to, out ushort port)
    {
        var length = to - from;
        var digits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, from)) ^ Zeros;
        var value = Value(digits, length);
        port = (ushort)value;
        return length is >= 1 and <= 5 & value <= ushort.MaxValue & !((byte)digits == 0 & length > 1);
    }

    static int AnyEndpoint(ReadOnlySpan<byte> payload, int at, out FlowEndpoint endpoint)
    {
        var text = payload[at..];
        var length = text.IndexOf((byte)'"');
        if (length > 0 && FlowEndpoint.TryParse(text[..length], new TextSlice(at, length), out endpoint) && endpoint.Zone == 0)
            return at + length + 1;

        endpoint = default;
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Number(ReadOnlySpan<byte> payload, int at, out ulong value)
    {
        if (payload.Length - at < sizeof(ulong))
            return LongNumber(payload, at, out value);

        var digits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), at)) ^ Zeros;
        // The lowest marked byte is the first that is no digit; a carry marks only what is behind one.
        var others = ((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
        if (others == 0)
            return LongNumber(payload, at, out value);

        var length = BitOperations.TrailingZeroCount(others) >> 3;
        value = Value(digits, length);
        return length == 0 || (length > 1 && (byte)digits == 0) ? -1 : at + length;
    }

    /// <param name="digits">Values of digits, the first in the lowest byte; what is behind <paramref name="length"/> does not matter.</param>
    /// <param name="length">At most eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Value(ulong digits, int length)
    {
        // To the top, so that zeros come first; then pairs, and all four pairs with two multiplications.
        digits = length == 0 ? 0 : digits << (64 - (8 * length));
        digits = (digits * 10) + (digits >> 8);
        return (((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((digits >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
    }

    static int LongNumber(ReadOnlySpan<byte> payload, int at, out ulong value)
    {
        value = 0;
        var start = at;
        for (; at < payload.Length; at++)
        {
            var digit = (uint)(payload[at] - '0');
            if (digit > 9)
                break;
            value = (value * 10) + digit;
        }

        var digits = at - start;
        return digits is 0 or > MaxDigits || (digits > 1 && payload[start] == '0') ? -1 : at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int SkipSpace(ReadOnlySpan<byte> payload, int at)
    {
        while (at < payload.Length && payload[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }
}
