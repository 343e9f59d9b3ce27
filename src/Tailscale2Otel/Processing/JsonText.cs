using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Tailscale2Otel.Processing;

/// <summary>
/// The text of JSON strings as UTF-8. Unlike the platform's reader it does not throw for half a surrogate pair, which a
/// sender may write at will: it becomes U+FFFD.
/// </summary>
static class JsonText
{
    /// <summary>As deep as <c>streaming.max_nesting</c> allows at most.</summary>
    public static readonly JsonReaderOptions Deep = new() { MaxDepth = 512 };

    /// <summary>Bytes of <c>\u0041</c>, in the place of one.</summary>
    const int LongestEscape = 6;

    /// <summary>Twice what nanoseconds and an offset take.</summary>
    const int LongestTime = 70;

    /// <param name="escaped">The inside of a JSON string whose escapes a reader has accepted.</param>
    /// <param name="destination">At least as long as the text.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        var written = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
                plain = escaped.Length;
            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            escaped = escaped[plain..];
            if (escaped.Length < 2)
                break;

            if (escaped[1] == 'u')
            {
                written += CodePoint(ref escaped).EncodeToUtf8(destination[written..]);
                continue;
            }

            destination[written++] = escaped[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var same => same,
            };
            escaped = escaped[2..];
        }

        return written;
    }

    /// <summary>
    /// Whether the reader stands on a member of that name, which may be spelled with escapes. The platform's own
    /// <c>ValueTextEquals</c> throws for half a surrogate pair, which is valid JSON: one record would stop whoever reads it.
    /// </summary>
    public static bool IsNamed(this ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        var written = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return written.SequenceEqual(name);
        if (written.Length > LongestEscape * name.Length)
            return false;

        Span<byte> text = stackalloc byte[LongestEscape * name.Length];
        return text[..Unescape(written, text)].SequenceEqual(name);
    }

    /// <summary>
    /// The instant that the reader stands on, as text of RFC 3339; false for anything else. Escapes are usual in it: the platform's writer
    /// spells the + of an offset with one.
    /// </summary>
    public static bool TryReadTime(this ref Utf8JsonReader reader, out long nanoseconds)
    {
        nanoseconds = 0;
        if (reader.TokenType != JsonTokenType.String)
            return false;

        var written = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return EventTime.TryParseRfc3339(written, out nanoseconds);
        if (written.Length > LongestEscape * LongestTime)
            return false;

        Span<byte> text = stackalloc byte[LongestEscape * LongestTime];
        return EventTime.TryParseRfc3339(text[..Unescape(written, text)], out nanoseconds);
    }

    static Rune CodePoint(ref ReadOnlySpan<byte> escaped)
    {
        var first = Unit(escaped);
        escaped = escaped[6..];
        if (!char.IsSurrogate(first))
            return new Rune(first);

        if (escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u' && Rune.TryCreate(first, Unit(escaped), out var pair))
        {
            escaped = escaped[6..];
            return pair;
        }

        return Rune.ReplacementChar;
    }

    static char Unit(ReadOnlySpan<byte> escape)
    {
        Debug.Assert(escape.Length >= 6, "the reader checked the escape");
        var value = 0;
        for (var i = 2; i < 6; i++)
            value = (value << 4) | (HexDigit(escape[i]) & 0xF);
        return (char)value;
    }

    static int HexDigit(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
