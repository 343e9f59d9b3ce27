using System.Buffers;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Makes a record of a dead letter again, from each of the forms that <see cref="DeadLetterLine"/> writes.</summary>
sealed class DeadLetterReader : IDisposable
{
    public const string Cut = "cut";
    public const string Unreadable = "unreadable";

    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 2 * DeadLetterLine.MaxDepth };

    byte[] _line = [];
    Range _recordJson;
    Range _metadataJson;

    /// <summary>The last record as the line has it: JSON, or a JSON string with text or base64.</summary>
    public ReadOnlySpan<byte> RecordJson => _line.AsSpan(_recordJson);

    /// <inheritdoc cref="RecordJson"/>
    public ReadOnlySpan<byte> MetadataJson => _line.AsSpan(_metadataJson);

    /// <summary>Bytes of the whole record, where the line has only their beginning.</summary>
    public long? RecordBytes { get; private set; }

    /// <summary>The spans of the record are good until the next call.</summary>
    /// <returns>Empty, <see cref="Cut"/> when not all of it is in the line, or <see cref="Unreadable"/>.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string Read(DeadLetterScanner scanner, DeadLetterHead head, out RawRecord record)
    {
        record = default;
        (_recordJson, _metadataJson, RecordBytes) = (default, default, null);
        if (scanner.Length > DeadLetters.LargestLine)
            return Unreadable;

        var length = (int)scanner.Length;
        Reserve(length);
        scanner.Read(0, _line.AsSpan(0, length));
        try
        {
            var isWhole = Parse(_line.AsSpan(0, length), out var metadata, out var payload);
            record = new RawRecord
            {
                Position = head.Position,
                Next = head.Position,
                Source = DeadLetterLine.SourceOf(head.Source),
                Signal = DeadLetterLine.SignalOf(head.Signal),
                Tailnet = head.Tailnet,
                ReceivedAt = head.ReceivedAt,
                Metadata = metadata,
                Payload = payload,
            };
            return isWhole ? "" : Cut;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Unreadable;
        }
    }

    public void Dispose()
    {
        if (_line.Length > 0)
            ArrayPool<byte>.Shared.Return(_line);
        _line = [];
    }

    bool Parse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> metadata, out ReadOnlySpan<byte> payload)
    {
        metadata = default;
        payload = default;
        var isWhole = true;
        var reader = new Utf8JsonReader(line, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueSpan.StartsWith("metadata"u8);
            var form = isMetadata ? reader.ValueSpan["metadata".Length..] : reader.ValueSpan.StartsWith("record"u8) ? reader.ValueSpan["record".Length..] : "no"u8;
            reader.Read();
            isWhole &= !form.SequenceEqual("_cut_at"u8);
            var start = (int)reader.TokenStartIndex;
            if (form.IsEmpty)
            {
                reader.Skip();
                Take(isMetadata, line[start..(int)reader.BytesConsumed], ref metadata, ref payload);
            }
            else if (form.SequenceEqual("_text"u8))
            {
                var text = new byte[reader.ValueSpan.Length];
                Take(isMetadata, text.AsSpan(0, reader.CopyString(text)), ref metadata, ref payload);
            }
            else if (form.SequenceEqual("_base64"u8))
            {
                Take(isMetadata, reader.GetBytesFromBase64(), ref metadata, ref payload);
            }
            else
            {
                if (!isMetadata && form.SequenceEqual("_bytes"u8))
                    RecordBytes = reader.GetInt64();
                reader.Skip();
                continue;
            }

            if (isMetadata)
                _metadataJson = start..(int)reader.BytesConsumed;
            else
                _recordJson = start..(int)reader.BytesConsumed;
        }

        // Nothing may stand behind it.
        reader.Read();
        return isWhole;
    }

    static void Take(bool isMetadata, ReadOnlySpan<byte> bytes, ref ReadOnlySpan<byte> metadata, ref ReadOnlySpan<byte> payload)
    {
        if (isMetadata)
            metadata = bytes;
        else
            payload = bytes;
    }

    void Reserve(int length)
    {
        // One long line must not keep its memory for all that follow.
        if (_line.Length >= length && _line.Length <= Math.Max(1024 * 1024, 4L * length))
            return;

        Dispose();
        _line = ArrayPool<byte>.Shared.Rent(Math.Max(length, 4096));
    }
}
