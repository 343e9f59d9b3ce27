using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>
/// The attribute values of one series as bytes: each field is a two-byte length and the text. An absent value is an empty field.
/// </summary>
ref struct CounterKey(Span<byte> buffer)
{
    /// <summary>Longer values are cut at a character: nobody groups by them, and a key must not be worth an attack on memory.</summary>
    public const int MaxFieldBytes = 1024;

    const int Prefix = sizeof(ushort);
    const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    static readonly ulong Seed = RandomWord.Next();
    static readonly ulong Secret = RandomWord.Next();

    readonly Span<byte> _buffer = buffer;
    int _length;

    public readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    /// <summary>Bytes that the buffer of a key of so many fields needs.</summary>
    public static int SizeFor(int fields) => fields * (MaxFieldBytes + Prefix);

    public void Add(scoped ReadOnlySpan<byte> field)
    {
        if (field.Length > MaxFieldBytes)
            field = Cut(field);

        var rest = _buffer[_length..];
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)field.Length);
        _length += Prefix;
        if (field.IsEmpty)
            return;

        field.CopyTo(rest[Prefix..]);
        _length += field.Length;
    }

    /// <summary>As many empty fields.</summary>
    public void AddEmpty(int fields)
    {
        _buffer.Slice(_length, fields * Prefix).Clear();
        _length += fields * Prefix;
    }

    /// <summary>Takes the next field off the key.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> key)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(key);
        var field = key.Slice(Prefix, length);
        key = key[(Prefix + length)..];
        return field;
    }

    /// <summary>The key's first fields, as a key.</summary>
    public static ReadOnlySpan<byte> FirstFields(ReadOnlySpan<byte> key, int count)
    {
        var rest = key;
        for (var i = 0; i < count; i++)
            _ = Next(ref rest);
        return key[..(key.Length - rest.Length)];
    }

    /// <summary>
    /// Sixteen bytes in one multiplication of 64 by 64 bits, after the pattern of wyhash. Seeded for each process, so that names
    /// chosen by a stranger cannot be made to collide.
    /// </summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var i = 0;
        for (; i + 1 < words.Length; i += 2)
            hash = Mix(words[i] ^ Secret, words[i + 1] ^ hash);
        if (i < words.Length)
            hash = Mix(words[i] ^ Secret, hash);
        if ((bytes.Length & 7) != 0)
            hash = Mix(LastWord(bytes) ^ Secret, hash);
        return Mix(hash ^ Secret, Multiplier);
    }

    /// <summary>False when a field is not UTF-8: as text it would be one with others, so that two series had the same attributes.</summary>
    public static bool IsText(ReadOnlySpan<byte> key)
    {
        while (!key.IsEmpty)
        {
            if (!Utf8.IsValid(Next(ref key)))
                return false;
        }

        return true;
    }

    /// <summary>The key of the same fields with U+FFFD where they are not UTF-8.</summary>
    public static byte[] ToText(ReadOnlySpan<byte> key)
    {
        var fields = 0;
        for (var rest = key; !rest.IsEmpty; fields++)
            _ = Next(ref rest);

        var text = new CounterKey(new byte[SizeFor(fields)]);
        while (!key.IsEmpty)
            text.Add(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Next(ref key))));
        return text.Bytes.ToArray();
    }

    /// <summary>The last eight bytes, some of which are in the word before; of less than eight what there is.</summary>
    static ulong LastWord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);

        ulong last = 0;
        for (var i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        return last;
    }

    static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> field)
    {
        var length = MaxFieldBytes;
        while (length > MaxFieldBytes - 4 && (field[length] & 0xC0) == 0x80)
            length--;
        return field[..length];
    }
}
