using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.StreamEvent;

/// <summary>
/// HEC events that are neither flow nor audit records, and lines of the raw endpoint, to plain log records. Such an event has no
/// identity: two equal ones are two events, so its uid is that of its place in the spool.
/// </summary>
sealed class StreamEventProcessor(UnrecognizedEvents unrecognized, UnreadableTimeMetric unreadableTimes) : IRecordProcessor
{
    const string Reason = "unrecognized";
    const int UidLength = 32;

    readonly StreamEventFields _fields = new();

    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        if (unrecognized != UnrecognizedEvents.Deliver)
            return unrecognized == UnrecognizedEvents.Drop ? new ProcessResult(ProcessOutcome.Dropped, Reason) : ProcessResult.DeadLetter(Reason);
        if (record.Signal == RecordSignal.StreamEvent && !IsJson(record.Payload))
            return ProcessResult.DeadLetter("decode_error");

        var transport = TransportMetadata.Read(record.Metadata);
        if (pass.HasFlag(RecordPass.Deliver))
            Write(logs, record, transport);
        if (pass.HasFlag(RecordPass.Count) && transport.HasUnreadableTime)
            unreadableTimes.Add(record.Source, record.Signal);
        return ProcessResult.MappedAt(transport.Time, 0);
    }

    void Write(LogWriter logs, in RawRecord record, in TransportMetadata transport)
    {
        Span<byte> uid = stackalloc byte[UidLength];
        Uid(record).WriteHex(uid);
        var time = transport.Time > 0 ? transport.Time : record.ReceivedAt;
        LogRecordOpening.Begin(logs, record, new LogHeader(record.Position, LogAttributes.StreamEvent, LogSeverity.Info, time, record.ReceivedAt), uid);
        WriteBody(logs, record);
        logs.Add(LogAttributes.HostName, transport.Host);
        logs.Add(LogAttributes.SplunkSource, transport.Source);
        logs.Add(LogAttributes.SplunkSourcetype, transport.Sourcetype);
        logs.Add(LogAttributes.SplunkIndex, transport.Index);
        _fields.Write(logs, transport.Fields);
        logs.End();
    }

    static void WriteBody(LogWriter logs, in RawRecord record)
    {
        var payload = record.Payload;
        if (record.Signal != RecordSignal.StreamEvent)
        {
            logs.Body(payload);
            return;
        }

        payload = payload.Trim(" \t\r\n"u8);
        if (payload[0] != '"')
        {
            logs.JsonBody(payload);
            return;
        }

        using var text = new PooledBytes(payload.Length);
        text.Advance(JsonText.Unescape(payload[1..^1], text.Reserve(payload.Length)));
        logs.Body(text.Written);
    }

    /// <summary>The receive time is in it because positions start again when an operator empties the spool.</summary>
    static ContentKey Uid(in RawRecord record)
    {
        using var input = new PooledBytes();
        input.Write("event\n"u8);
        BinaryPrimitives.WriteInt64BigEndian(input.Reserve(sizeof(long)), record.Position.Value);
        input.Advance(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(input.Reserve(sizeof(long)), record.ReceivedAt);
        input.Advance(sizeof(long));
        input.Write(Encoding.UTF8.GetBytes(record.Tailnet));
        return ContentHash.Of(input.Written);
    }

    /// <summary>One value, as the receiver checked; the spool may be another program's.</summary>
    static bool IsJson(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, JsonText.Deep);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
