using System.Text.Json;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Single values of flow records. Senders differ in what they quote: a number may stand where a string is documented and
/// the reverse; null and an empty string are absent. A reader that is handed in stands at the value and is left at its end.
/// </summary>
static class FlowValue
{
    /// <summary>The text of a string or of a bare value.</summary>
    /// <returns>False for an object or an array, which is skipped.</returns>
    public static bool TryText(ref Utf8JsonReader reader, FlowRecord record, out TextSlice slice)
    {
        slice = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                slice = new TextSlice(record.ReaderStart + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                return true;
            case JsonTokenType.String:
                slice = record.Commit(JsonText.Unescape(reader.ValueSpan, record.Reserve(reader.ValueSpan.Length)));
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                return false;
            default:
                slice = new TextSlice(record.ReaderStart + (int)reader.TokenStartIndex, reader.ValueSpan.Length);
                return true;
        }
    }

    /// <summary>The text of a string or number; good until text is added to the record.</summary>
    public static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader, FlowRecord record)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        var slice = record.Commit(JsonText.Unescape(reader.ValueSpan, record.Reserve(reader.ValueSpan.Length)));
        return record.Text(default)[slice];
    }

    /// <summary>An RFC 3339 string, or Unix time as a number or in quotes; 0 when absent.</summary>
    public static bool TryTime(ref Utf8JsonReader reader, FlowRecord record, out long nanoseconds)
    {
        nanoseconds = 0;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.Number:
                return EventTime.TryParseUnix(reader.ValueSpan, out nanoseconds);
            case JsonTokenType.String:
                var text = Text(ref reader, record);
                return text.IsEmpty || EventTime.TryParseRfc3339(text, out nanoseconds) || EventTime.TryParseUnix(text, out nanoseconds);
            default:
                reader.Skip();
                return false;
        }
    }

    /// <summary>An unsigned counter; 0 when absent.</summary>
    public static bool TryCounter(ref Utf8JsonReader reader, FlowRecord record, out ulong value)
    {
        value = 0;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return SkipUnlessNull(ref reader);

        var text = Text(ref reader, record);
        if (text.IsEmpty)
            return true;
        if (!JsonNumber.TryParse(text, out value, out var negative))
            return false;
        if (negative)
            record.Faults |= FlowFaults.NegativeCounters;
        return true;
    }

    /// <summary>A protocol number, bare or quoted, or a name; out of range is a fault of the record and not an error.</summary>
    public static bool TryProtocol(ref Utf8JsonReader reader, FlowRecord record, out short protocol)
    {
        protocol = 0;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return SkipUnlessNull(ref reader);

        var text = Text(ref reader, record);
        if (text.IsEmpty)
            return true;

        if (JsonNumber.TryParse(text, out var number, out var negative) && !negative && number <= 255)
            protocol = (short)number;
        else if (reader.TokenType == JsonTokenType.Number || char.IsAsciiDigit((char)text[0]) || text[0] is (byte)'-' or (byte)'+')
            record.Faults |= FlowFaults.InvalidProtocol;
        else
            protocol = Transport.NumberOf(text);
        return true;
    }

    static bool SkipUnlessNull(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return true;

        reader.Skip();
        return false;
    }
}
