using System.Text.Json;

namespace Tailscale2Otel.Processing;

/// <summary>
/// What <see cref="Model.RawRecord.Metadata"/> says, read once. Spans are slices of the metadata (a text with escapes is a copy)
/// and live as long as it does.
/// </summary>
ref struct TransportMetadata
{
    const int MaxTimeLength = 64;

    /// <summary><c>time</c> in Unix nanoseconds; 0 when there is none that can be read.</summary>
    public long Time { get; private set; }

    /// <summary>There is a <c>time</c>, but not one that can be read.</summary>
    public bool HasUnreadableTime { get; private set; }

    /// <summary><c>fields.recorded</c> in Unix nanoseconds: when Tailscale recorded the event; 0 when there is none.</summary>
    public long Recorded { get; private set; }

    /// <summary>Unescaped; empty when absent or not a string.</summary>
    public ReadOnlySpan<byte> Host { get; private set; }

    public ReadOnlySpan<byte> Source { get; private set; }

    public ReadOnlySpan<byte> Sourcetype { get; private set; }

    public ReadOnlySpan<byte> Index { get; private set; }

    /// <summary>The JSON object <c>fields</c>, or empty.</summary>
    public ReadOnlySpan<byte> Fields { get; private set; }

    /// <summary>Does not throw: metadata that is not one JSON object says what was read of it before the fault.</summary>
    public static TransportMetadata Read(ReadOnlySpan<byte> metadata)
    {
        var result = default(TransportMetadata);
        if (metadata.IsEmpty)
            return result;

        try
        {
            var reader = new Utf8JsonReader(metadata, JsonText.Deep);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                result.ReadMembers(ref reader, metadata);
        }
        catch (JsonException)
        {
            // The receiver wrote the metadata from JSON that it had checked: this is another program's spool.
        }

        return result;
    }

    void ReadMembers(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> metadata)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("time"u8))
                ReadTime(ref reader);
            else if (reader.IsNamed("host"u8))
                Host = ReadText(ref reader);
            else if (reader.IsNamed("source"u8))
                Source = ReadText(ref reader);
            else if (reader.IsNamed("sourcetype"u8))
                Sourcetype = ReadText(ref reader);
            else if (reader.IsNamed("index"u8))
                Index = ReadText(ref reader);
            else if (reader.IsNamed("fields"u8))
                ReadFields(ref reader, metadata);
            else
                reader.Skip();
        }
    }

    void ReadTime(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String && reader.ValueSpan.Length <= MaxTimeLength &&
            EventTime.TryParseUnix(reader.ValueSpan, out var time))
            Time = time;
        else
            HasUnreadableTime = reader.TokenType != JsonTokenType.Null;
        reader.Skip();
    }

    void ReadFields(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> metadata)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRecorded = reader.IsNamed("recorded"u8);
            reader.Read();
            if (isRecorded && reader.TryReadTime(out var recorded))
                Recorded = recorded;
            reader.Skip();
        }

        Fields = metadata[start..(int)reader.BytesConsumed];
    }

    static ReadOnlySpan<byte> ReadText(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        var text = new byte[reader.ValueSpan.Length];
        return text.AsSpan(0, JsonText.Unescape(reader.ValueSpan, text));
    }
}
