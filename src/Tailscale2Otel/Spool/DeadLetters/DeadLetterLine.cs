using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// One dead letter as one line of JSON, from which the record comes back byte for byte. It stands under <c>record</c> when it is
/// JSON on one line, of at most <see cref="MaxDepth"/> levels and with no white space around it, under <c>record_text</c> when it is
/// UTF-8, else under <c>record_base64</c>, and is cut (<c>record_cut_at</c>) when the line would be longer than its limit.
/// </summary>
sealed class DeadLetterLine
{
    /// <summary>Of a record that stands as JSON.</summary>
    public const int MaxDepth = 64;

    /// <summary>JSON escaping of a control character takes six bytes where the text takes one; of any other byte less.</summary>
    const int WorstEscape = 6;

    static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly ArrayBufferWriter<byte> _line = new(4096);

    /// <summary>The line with its line end, good until the next <see cref="Write"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _line.WrittenSpan;

    public void Write(in RawRecord record, string reason, int? status, string? message, DateTimeOffset now, int maxBytes)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("source", NameOf(record.Source));
            json.WriteString("signal", NameOf(record.Signal));
            json.WriteString("tailnet", record.Tailnet);
            json.WriteString("reason", reason);
            if (status is { } number)
                json.WriteNumber("status", number);
            if (message is not null)
                json.WriteString("message", message);
            json.WriteNumber("position", record.Position.Value);
            json.WriteNumber("received_at_unix_nano", record.ReceivedAt);
            WriteBytes(json, "metadata", record.Metadata, maxBytes / 4);
            WriteBytes(json, "record", record.Payload, maxBytes / 2);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
    }

    /// <summary>An unusual line has made this large; better take a new one.</summary>
    public bool IsLarge => _line.Capacity > 1024 * 1024;

    public static string NameOf(RecordSignal signal) => signal switch
    {
        RecordSignal.Flow => "flow",
        RecordSignal.Audit => "audit",
        RecordSignal.StreamEvent => "stream_event",
        RecordSignal.RawLine => "raw_line",
        RecordSignal.Webhook => "webhook",
        RecordSignal.Cursor => "cursor",
        _ => "unknown",
    };

    public static string NameOf(RecordSource source) => source switch
    {
        RecordSource.Poll => "poll",
        RecordSource.Stream => "stream",
        RecordSource.Webhook => "webhook",
        RecordSource.ObjectStore => "objectstore",
        RecordSource.Logtail => "logtail",
        RecordSource.Events => "events",
        _ => "unknown",
    };

    /// <summary>Unknown for a name that is none.</summary>
    public static RecordSignal SignalOf(string name) => Array.Find(Enum.GetValues<RecordSignal>(), s => NameOf(s) == name);

    /// <inheritdoc cref="SignalOf"/>
    public static RecordSource SourceOf(string name) => Array.Find(Enum.GetValues<RecordSource>(), s => NameOf(s) == name);

    static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes, int room)
    {
        if (bytes.IsEmpty)
            return;

        if (bytes.Length <= room && IsJsonOnOneLine(bytes))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(bytes, skipInputValidation: true);
            return;
        }

        var isText = Utf8.IsValid(bytes);
        var most = !isText ? room / 4 * 3 : Escaped(bytes) <= room ? bytes.Length : room / WorstEscape;
        var kept = bytes;
        if (bytes.Length > most)
        {
            json.WriteNumber(name + "_cut_at", most);
            json.WriteNumber(name + "_bytes", bytes.Length);
            kept = bytes[..most];
        }

        if (isText)
            json.WriteString(name + "_text", Encoding.UTF8.GetString(kept));
        else
            json.WriteBase64String(name + "_base64", kept);
    }

    /// <summary>Bytes that a text takes in JSON at most.</summary>
    static long Escaped(ReadOnlySpan<byte> text)
    {
        var sum = 0L;
        foreach (var value in text)
        {
            sum += value switch
            {
                (byte)'"' or (byte)'\\' or (byte)'\n' or (byte)'\r' or (byte)'\t' => 2,
                >= (byte)' ' and < 0x7F => 1,
                _ => WorstEscape,
            };
        }

        return sum;
    }

    /// <summary>Whether it can stand in the line byte for byte: white space around it would be lost among the line's own tokens.</summary>
    static bool IsJsonOnOneLine(ReadOnlySpan<byte> bytes)
    {
        if (IsSpace(bytes[0]) || IsSpace(bytes[^1]) || bytes.ContainsAny((byte)'\n', (byte)'\r') || !Utf8.IsValid(bytes))
            return false;

        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            var values = 0;
            while (reader.Read())
                values++;
            return values > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t';
}
