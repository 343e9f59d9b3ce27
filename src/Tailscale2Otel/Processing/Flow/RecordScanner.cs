using System.Buffers;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Reads the members of a record in the one form in which nodes and Tailscale's stream write them: no white space, no escapes,
/// rows that <see cref="RowScanner"/> takes. It goes as far as that form does, and what looks different, wrong things included,
/// is left to the JSON reader: the scanner only says yes.
/// </summary>
static class RecordScanner
{
    /// <summary>More than any time stamp has.</summary>
    const int TimeWindow = 48;

    static readonly SearchValues<byte> Plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.:"u8);

    /// <returns>Behind the last member that was read; 0 when none was.</returns>
    public static int Scan(ReadOnlySpan<byte> payload, FlowRecord record)
    {
        if (payload.IsEmpty || payload[0] != '{')
            return 0;

        var behind = 0;
        do
        {
            var end = Member(payload, behind + 1, record);
            if (end < 0)
                return behind;
            behind = end;
        }
        while (behind < payload.Length && payload[behind] == ',');

        return behind;
    }

    /// <summary>Reads <c>recorded</c> out of the envelope that the stream sends with a record.</summary>
    /// <returns>False when the envelope is not in that form; then nothing was read.</returns>
    public static bool TryRecorded(ReadOnlySpan<byte> envelope, FlowRecord record)
    {
        if (!envelope.StartsWith("{\"time\":"u8))
            return false;

        var at = "{\"time\":"u8.Length;
        var length = envelope[at..].IndexOf((byte)',');
        if (length < 0 || !IsPlainNumber(envelope.Slice(at, length)))
            return false;

        at += length;
        if (!envelope[at..].StartsWith(",\"fields\":{\"recorded\":\""u8))
            return false;

        var end = Time(envelope, at + ",\"fields\":{\"recorded\":\""u8.Length, out var recorded);
        if (end < 0 || !envelope[end..].SequenceEqual("}}"u8))
            return false;

        record.Logged = recorded;
        return true;
    }

    /// <returns>Behind the member; negative when it is not in the plain form, and then nothing was read.</returns>
    static int Member(ReadOnlySpan<byte> payload, int at, FlowRecord record)
    {
        var rest = payload[at..];
        if (rest.StartsWith("\"nodeId\":\""u8))
            return NodeId(payload, at + 10, record);
        if (rest.StartsWith("\"start\":\""u8))
        {
            var end = Time(payload, at + 9, out var time);
            record.Start = end < 0 ? record.Start : time;
            return end;
        }

        if (rest.StartsWith("\"end\":\""u8))
        {
            var end = Time(payload, at + 7, out var time);
            record.End = end < 0 ? record.End : time;
            return end;
        }

        if (rest.StartsWith("\"virtualTraffic\":["u8))
            return Rows(payload, at + 18, record, TrafficType.Virtual);
        if (rest.StartsWith("\"subnetTraffic\":["u8))
            return Rows(payload, at + 17, record, TrafficType.Subnet);
        if (rest.StartsWith("\"exitTraffic\":["u8))
            return Rows(payload, at + 15, record, TrafficType.Exit);
        return rest.StartsWith("\"physicalTraffic\":["u8) ? Rows(payload, at + 19, record, TrafficType.Physical) : -1;
    }

    static int NodeId(ReadOnlySpan<byte> payload, int at, FlowRecord record)
    {
        var length = payload[at..].IndexOfAnyExcept(Plain);
        if (length <= 0 || payload[at + length] != '"')
            return -1;

        record.NodeId = new TextSlice(at, length);
        return at + length + 1;
    }

    static int Time(ReadOnlySpan<byte> payload, int at, out long time)
    {
        time = 0;
        var window = payload.Slice(at, Math.Min(payload.Length - at, TimeWindow));
        var length = window.IndexOf((byte)'"');
        return length > 0 && EventTime.TryParseRfc3339(window[..length], out time) ? at + length + 1 : -1;
    }

    static int Rows(ReadOnlySpan<byte> payload, int at, FlowRecord record, TrafficType type)
    {
        var before = record.Rows.Length;
        var end = RowScanner.Scan(payload, at, record, type);
        if (end >= 0 && end < payload.Length && payload[end] == ']')
            return end + 1;

        record.RemoveRows(before);
        return -1;
    }

    /// <summary>Digits, and more behind a point: what needs a sign, an exponent or a second look is not plain.</summary>
    static bool IsPlainNumber(ReadOnlySpan<byte> text)
    {
        var whole = text.IndexOf((byte)'.');
        if (whole < 0)
            whole = text.Length;
        if (whole == 0 || text[0] == '0' || whole == text.Length - 1)
            return false;

        return !text[..whole].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (whole == text.Length || !text[(whole + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }
}
