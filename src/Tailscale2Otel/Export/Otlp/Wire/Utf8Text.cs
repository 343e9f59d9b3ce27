using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>Makes foreign text fit for a protobuf string: valid UTF-8, and no longer than a limit.</summary>
static class Utf8Text
{
    /// <summary>What a cut value ends in; it counts towards the limit.</summary>
    public static ReadOnlySpan<byte> Marker => "…[truncated]"u8;

    /// <summary>
    /// Bytes of <paramref name="text"/> to keep so that they and the marker are at most <paramref name="limit"/> bytes, without
    /// splitting a character. Text within the limit is kept whole.
    /// </summary>
    public static int Keep(ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
            return text.Length;

        var keep = Math.Max(0, limit - Marker.Length);
        // At most three continuation bytes belong to one character; more are invalid and are repaired elsewhere.
        for (var back = 0; back < 3 && keep > 0 && (text[keep] & 0xC0) == 0x80; back++)
            keep--;
        return keep;
    }

    public static bool IsValid(ReadOnlySpan<byte> text) => text.Length <= 32 ? Ascii.IsValid(text) || Utf8.IsValid(text) : Utf8.IsValid(text);

    /// <summary>
    /// Copies with every invalid sequence replaced by U+FFFD (Unicode 15, section 3.9, maximal subparts) and returns the bytes
    /// written. The destination needs three bytes for each byte of the source.
    /// </summary>
    public static int Repair(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (!source.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(source, out var rune, out var consumed);
            if (status != OperationStatus.Done)
                rune = Rune.ReplacementChar;
            written += rune.EncodeToUtf8(destination[written..]);
            source = source[consumed..];
        }

        return written;
    }

    /// <summary>
    /// Resolves the escapes of a JSON string's inside. Never longer than the source; an escape that stands for half a surrogate
    /// pair becomes U+FFFD. Bytes that are no escapes are copied as they are.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (!source.IsEmpty)
        {
            var slash = source.IndexOf((byte)'\\');
            var plain = slash < 0 ? source.Length : slash;
            source[..plain].CopyTo(destination[written..]);
            written += plain;
            source = source[plain..];
            if (source.Length < 2)
                break;

            if (source[1] != (byte)'u')
            {
                destination[written++] = Simple(source[1]);
                source = source[2..];
                continue;
            }

            var unit = Unit(source);
            source = source[Math.Min(6, source.Length)..];
            if (char.IsHighSurrogate(unit) && source.StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(source)))
            {
                written += new Rune(unit, Unit(source)).EncodeToUtf8(destination[written..]);
                source = source[6..];
            }
            else
            {
                written += (char.IsSurrogate(unit) ? Rune.ReplacementChar : new Rune(unit)).EncodeToUtf8(destination[written..]);
            }
        }

        return written;
    }

    static byte Simple(byte escaped) => escaped switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escaped,
    };

    /// <summary>The UTF-16 unit of a <c>\uXXXX</c> escape.</summary>
    static char Unit(ReadOnlySpan<byte> escape)
    {
        var value = 0;
        for (var i = 2; i < 6 && i < escape.Length; i++)
        {
            var digit = (int)escape[i] | 0x20;
            value = (value << 4) | (digit >= 'a' ? digit - 'a' + 10 : digit - '0');
        }

        return (char)value;
    }
}
