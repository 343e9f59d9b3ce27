using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    /// Copies ASCII, in the pieces that the length calls for, the last of which may overlap the one before; checking it on the way costs
    /// less than looking first. False, with anything in the destination, for other text.
    /// </summary>
    /// <param name="destination">At least as long.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopyAscii(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.Length >= Vector128<byte>.Count)
            return TryCopyLongAscii(text, destination);
        if (text.Length >= sizeof(ulong))
        {
            var first = BinaryPrimitives.ReadUInt64LittleEndian(text);
            var last = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
            BinaryPrimitives.WriteUInt64LittleEndian(destination, first);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(text.Length - sizeof(ulong))..], last);
            return ((first | last) & 0x8080_8080_8080_8080) == 0;
        }

        if (text.Length >= sizeof(uint))
        {
            var first = BinaryPrimitives.ReadUInt32LittleEndian(text);
            var last = BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(destination, first);
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(text.Length - sizeof(uint))..], last);
            return ((first | last) & 0x8080_8080) == 0;
        }

        if (text.IsEmpty)
            return true;

        var middle = text.Length >> 1;
        destination[0] = text[0];
        destination[middle] = text[middle];
        destination[text.Length - 1] = text[^1];
        return (text[0] | text[middle] | text[^1]) < 0x80;
    }

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

    static bool TryCopyLongAscii(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var last = text.Length - Vector128<byte>.Count;
        var bits = Vector128<byte>.Zero;
        for (var i = 0; i < last; i += Vector128<byte>.Count)
        {
            var piece = Vector128.Create(text[i..]);
            piece.CopyTo(destination[i..]);
            bits |= piece;
        }

        var end = Vector128.Create(text[last..]);
        end.CopyTo(destination[last..]);
        return (bits | end).ExtractMostSignificantBits() == 0;
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
