using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Reads rows in the one form in which nodes write them (no white space, no escapes, plain whole numbers), which takes a third
/// of the JSON reader's time. Whatever looks different, wrong things included, is left to the reader: the scanner only says yes.
/// </summary>
static class RowScanner
{
    /// <summary>Longest number that cannot overflow.</summary>
    const int MaxDigits = 19;

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
            var end = Row(payload, at, ref row);
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

    /// <returns>Behind the row; negative when it is not one in the plain form.</returns>
    static int Row(ReadOnlySpan<byte> payload, int at, ref FlowRow row)
    {
        if (at >= payload.Length || payload[at] != '{')
            return -1;

        do
        {
            at = Member(payload, at + 1, ref row);
            if (at < 0 || at >= payload.Length)
                return -1;
        }
        while (payload[at] == ',');

        return payload[at] == '}' ? at + 1 : -1;
    }

    /// <summary>In the order in which nodes write them, so that the first guess is mostly right; any order is understood.</summary>
    static int Member(ReadOnlySpan<byte> payload, int at, ref FlowRow row)
    {
        var rest = payload[at..];
        ulong number;
        if (rest.StartsWith("\"proto\":"u8))
        {
            at = Number(payload, at + 8, out number);
            row.Protocol = (short)number;
            return number > 255 ? -1 : at;
        }

        if (rest.StartsWith("\"src\":\""u8))
            return Endpoint(payload, at + 7, out row.Source);
        if (rest.StartsWith("\"dst\":\""u8))
            return Endpoint(payload, at + 7, out row.Destination);
        if (rest.StartsWith("\"txPkts\":"u8))
            return Number(payload, at + 9, out row.TxPackets);
        if (rest.StartsWith("\"txBytes\":"u8))
            return Number(payload, at + 10, out row.TxBytes);
        if (rest.StartsWith("\"rxPkts\":"u8))
            return Number(payload, at + 9, out row.RxPackets);
        if (rest.StartsWith("\"rxBytes\":"u8))
            return Number(payload, at + 10, out row.RxBytes);
        return -1;
    }

    static int Endpoint(ReadOnlySpan<byte> payload, int at, out FlowEndpoint endpoint)
    {
        var end = V4Endpoint(payload, at, out endpoint);
        return end >= 0 ? end : AnyEndpoint(payload, at, out endpoint);
    }

    /// <summary><c>a.b.c.d:port</c>, which most of them are, in one go; the rest is <see cref="FlowEndpoint"/>'s.</summary>
    static int V4Endpoint(ReadOnlySpan<byte> payload, int start, out FlowEndpoint endpoint)
    {
        endpoint = default;
        var bits = 0u;
        var part = 0u;
        var digits = 0;
        var parts = 0;
        var at = start;
        for (; at < payload.Length; at++)
        {
            var digit = (uint)(payload[at] - '0');
            if (digit <= 9)
            {
                if (digits++ > 0 && part == 0)
                    return -1;
                part = (part * 10) + digit;
                continue;
            }

            if (digits is 0 or > 3 || part > 255 || payload[at] != (parts == 3 ? ':' : '.'))
                return -1;
            bits = (bits << 8) | part;
            part = 0;
            digits = 0;
            if (++parts == 4)
                break;
        }

        var end = Number(payload, at + 1, out var port);
        if (parts != 4 || end < 0 || end >= payload.Length || payload[end] != '"' || port > ushort.MaxValue)
            return -1;

        endpoint.Text = new TextSlice(start, end - start);
        endpoint.Host = new TextSlice(start, at - start);
        endpoint.Address = new IpValue(0, bits, IpFamily.V4);
        endpoint.Port = (ushort)port;
        return end + 1;
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

    static int Number(ReadOnlySpan<byte> payload, int at, out ulong value)
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

    static int SkipSpace(ReadOnlySpan<byte> payload, int at)
    {
        while (at < payload.Length && payload[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }
}
