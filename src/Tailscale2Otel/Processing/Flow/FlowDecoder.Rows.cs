using System.Text.Json;

namespace Tailscale2Otel.Processing.Flow;

static partial class FlowDecoder
{
    /// <summary>
    /// Rows in the form that nodes write go through <see cref="RowScanner"/>; at the first other one, or at the array's end, a
    /// reader in the same state goes on from there.
    /// </summary>
    /// <param name="payload">Empty reads every row with the reader.</param>
    static FlowDecodeError ReadRows(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record, TrafficType type)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return FlowDecodeError.None;
        if (reader.TokenType != JsonTokenType.StartArray)
            return FlowDecodeError.WrongType;

        if (!payload.IsEmpty)
        {
            var end = RowScanner.Scan(payload, record.ReaderStart + (int)reader.BytesConsumed, record, type);
            if (end < 0)
                return FlowDecodeError.Malformed;
            reader = new Utf8JsonReader(payload[end..], isFinalBlock: true, reader.CurrentState);
            record.ReaderStart = end;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            if (reader.TokenType != JsonTokenType.StartObject)
                return FlowDecodeError.WrongType;
            if (record.Rows.Length == FlowRecord.MaxRows)
                return FlowDecodeError.TooLarge;

            ref var row = ref record.AddRow();
            row.Type = type;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var error = RowMember(ref reader, record, ref row);
                if (error != FlowDecodeError.None)
                    return error;
            }
        }

        return FlowDecodeError.None;
    }

    static FlowDecodeError RowMember(ref Utf8JsonReader reader, FlowRecord record, ref FlowRow row)
    {
        var member = FlowMembers.Of(ref reader);
        _ = reader.Read();
        var readable = true;
        switch (member)
        {
            case FlowMember.Proto:
                return FlowValue.TryProtocol(ref reader, record, out row.Protocol) ? FlowDecodeError.None : FlowDecodeError.WrongType;
            case FlowMember.Src:
                return ReadEndpoint(ref reader, record, out row.Source);
            case FlowMember.Dst:
                return ReadEndpoint(ref reader, record, out row.Destination);
            case FlowMember.TxPkts:
                readable = FlowValue.TryCounter(ref reader, record, out row.TxPackets);
                break;
            case FlowMember.TxBytes:
                readable = FlowValue.TryCounter(ref reader, record, out row.TxBytes);
                break;
            case FlowMember.RxPkts:
                readable = FlowValue.TryCounter(ref reader, record, out row.RxPackets);
                break;
            case FlowMember.RxBytes:
                readable = FlowValue.TryCounter(ref reader, record, out row.RxBytes);
                break;
            default:
                reader.Skip();
                break;
        }

        return readable ? FlowDecodeError.None : FlowDecodeError.UnreadableNumber;
    }

    static FlowDecodeError ReadEndpoint(ref Utf8JsonReader reader, FlowRecord record, out FlowEndpoint endpoint)
    {
        endpoint = default;
        if (!FlowValue.TryText(ref reader, record, out var slice))
            return FlowDecodeError.WrongType;
        if (slice.IsEmpty)
            return FlowDecodeError.None;

        // Slices of the payload are the token's own bytes; the rest was unescaped into the scratch.
        var text = slice.Start >= 0 ? reader.ValueSpan : record.Text(default)[slice];
        if (!FlowEndpoint.TryParse(text, slice, out endpoint))
            record.Faults |= FlowFaults.InvalidEndpoint;
        return FlowDecodeError.None;
    }
}
