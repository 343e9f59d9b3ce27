using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Redacts records that are set aside as they were received. JSON loses the members that are removed; of what is no JSON nobody
/// can tell what it holds, so all of it goes. Not thread-safe.
/// </summary>
sealed class LetterRedactor
{
    const int KeptCapacity = 1024 * 1024;

    readonly Redactor _redactor;
    readonly TextScrubber _scrubber;
    readonly JsonRedactor _json;
    readonly RemovedValues _values = new();
    ArrayBufferWriter<byte> _payload = new();
    ArrayBufferWriter<byte> _metadata = new();

    public LetterRedactor(Redactor redactor)
    {
        _redactor = redactor;
        _scrubber = new TextScrubber(redactor);
        _json = new JsonRedactor(redactor, _scrubber);
    }

    /// <summary>The record as it may be written; good until the next call.</summary>
    public RawRecord Redact(in RawRecord record)
    {
        if (_payload.Capacity > KeptCapacity)
            _payload = new ArrayBufferWriter<byte>();
        if (_metadata.Capacity > KeptCapacity)
            _metadata = new ArrayBufferWriter<byte>();
        _scrubber.Trim(KeptCapacity);

        _values.Clear();
        var hidesTailnet = _redactor.IsOff(PiiCategories.TailnetName);
        if (hidesTailnet)
            _values.Add(Encoding.UTF8.GetBytes(record.Tailnet), isName: false);
        _ = _json.TryCollect(record.Payload, AttributeRule.Unregistered, _values);
        _ = _json.TryCollect(record.Metadata, AttributeRule.Unregistered, _values);
        return record with
        {
            Tailnet = hidesTailnet ? "" : record.Tailnet,
            Payload = Redact(record.Payload, _payload),
            Metadata = Redact(record.Metadata, _metadata),
        };
    }

    /// <summary>What a backend said about the record that was redacted last; it may quote from it.</summary>
    [return: NotNullIfNotNull(nameof(message))]
    public string? Redact(string? message)
    {
        if (string.IsNullOrEmpty(message))
            return message;
        return _redactor.IsOff(PiiCategories.FreeTextDetails) ? Redactor.Marker : Encoding.UTF8.GetString(_scrubber.Scrub(Encoding.UTF8.GetBytes(message), _values));
    }

    ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output)
    {
        if (bytes.IsEmpty)
            return bytes;

        output.ResetWrittenCount();
        return _json.TryWrite(bytes, AttributeRule.Unregistered, _values, output) ? output.WrittenSpan : Redactor.MarkerUtf8;
    }
}
