using System.Text.Json;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Reads one bare flow record (tailscale.com/kb/1219/network-flow-logs) in one pass over its bytes. As lenient as records of all ages ask for:
/// any member order, unknown members, null or [] for absent, repeated arrays add up. Does not throw for what is in it.
/// </summary>
static partial class FlowDecoder
{
    /// <summary>Of a reader that has a member of the record behind it and a comma or the closing bracket before it.</summary>
    static readonly JsonReaderState BehindMember = StateBehindMember();

    /// <param name="record">Cleared first. After an error its content means nothing.</param>
    /// <param name="scan">False leaves <see cref="RecordScanner"/> and <see cref="RowScanner"/> out; the result is the same.</param>
    public static FlowDecodeError Decode(ReadOnlySpan<byte> payload, FlowRecord record, bool scan = true)
    {
        record.Clear();
        var behind = scan ? RecordScanner.Scan(payload, record) : 0;
        if (behind > 0 && payload[behind..].SequenceEqual("}"u8))
            return ErrorOf(record);

        record.ReaderStart = behind;
        var reader = behind == 0 ? new Utf8JsonReader(payload) : new Utf8JsonReader(payload[behind..], isFinalBlock: true, BehindMember);
        try
        {
            return Read(ref reader, payload, record, scan);
        }
        catch (JsonException)
        {
            return FlowDecodeError.Malformed;
        }
    }

    /// <summary>
    /// Fills in what the record itself leaves out: <c>fields.recorded</c> for <c>logged</c>, and the envelope's <c>time</c>.
    /// An unreadable envelope says nothing and is no fault of the record.
    /// </summary>
    public static void ReadEnvelope(ReadOnlySpan<byte> metadata, FlowRecord record)
    {
        if (metadata.IsEmpty || (record.Logged != 0 && record.Start != 0))
            return;
        if (record.Start != 0 && RecordScanner.TryRecorded(metadata, record))
            return;

        var reader = new Utf8JsonReader(metadata);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                EnvelopeMember(ref reader, record);
        }
        catch (JsonException)
        {
            // What was read until here stands.
        }
    }

    static FlowDecodeError Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record, bool scan)
    {
        if (record.ReaderStart == 0)
        {
            if (!reader.Read())
                return FlowDecodeError.Malformed;
            if (reader.TokenType != JsonTokenType.StartObject)
                return FlowDecodeError.WrongType;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var error = Member(ref reader, payload, record, scan);
            if (error != FlowDecodeError.None)
                return error;
        }

        // Throws for anything but white space behind the object.
        _ = reader.Read();
        return ErrorOf(record);
    }

    static FlowDecodeError ErrorOf(FlowRecord record) => record.NodeId.IsEmpty ? FlowDecodeError.NoNode : FlowDecodeError.None;

    static JsonReaderState StateBehindMember()
    {
        var reader = new Utf8JsonReader("{\"\":\"\""u8, isFinalBlock: false, default);
        while (reader.Read())
        {
        }

        return reader.CurrentState;
    }

    static FlowDecodeError Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record, bool scan)
    {
        var member = FlowMembers.Of(ref reader);
        _ = reader.Read();
        switch (member)
        {
            case FlowMember.NodeId:
                if (!FlowValue.TryText(ref reader, record, out var nodeId))
                    return FlowDecodeError.WrongType;
                record.NodeId = nodeId;
                return FlowDecodeError.None;
            case FlowMember.Start:
                if (!FlowValue.TryTime(ref reader, record, out var start))
                    return FlowDecodeError.UnreadableTime;
                record.Start = start;
                return FlowDecodeError.None;
            case FlowMember.End:
                if (!FlowValue.TryTime(ref reader, record, out var end))
                    return FlowDecodeError.UnreadableTime;
                record.End = end;
                return FlowDecodeError.None;
            case FlowMember.Logged:
                // Says nothing about the traffic: an unreadable one is as good as none.
                if (FlowValue.TryTime(ref reader, record, out var logged))
                    record.Logged = logged;
                return FlowDecodeError.None;
            case FlowMember.SrcNode:
                ReadReporter(ref reader, payload, record);
                return FlowDecodeError.None;
            case FlowMember.DstNodes:
                ReadPeers(ref reader, payload, record);
                return FlowDecodeError.None;
            case FlowMember.VirtualTraffic:
                return ReadRows(ref reader, scan ? payload : default, record, TrafficType.Virtual);
            case FlowMember.SubnetTraffic:
                return ReadRows(ref reader, scan ? payload : default, record, TrafficType.Subnet);
            case FlowMember.ExitTraffic:
                return ReadRows(ref reader, scan ? payload : default, record, TrafficType.Exit);
            case FlowMember.PhysicalTraffic:
                return ReadRows(ref reader, scan ? payload : default, record, TrafficType.Physical);
            default:
                reader.Skip();
                return FlowDecodeError.None;
        }
    }

    static void EnvelopeMember(ref Utf8JsonReader reader, FlowRecord record)
    {
        var member = FlowMembers.Of(ref reader);
        _ = reader.Read();
        if (member == FlowMember.Time && record.Start == 0)
        {
            if (FlowValue.TryTime(ref reader, record, out var time))
                record.EnvelopeTime = time;
        }
        else if (member == FlowMember.Fields && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                member = FlowMembers.Of(ref reader);
                _ = reader.Read();
                if (member != FlowMember.Recorded)
                    reader.Skip();
                else if (FlowValue.TryTime(ref reader, record, out var recorded) && record.Logged == 0)
                    record.Logged = recorded;
            }
        }
        else
        {
            reader.Skip();
        }
    }
}
