using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

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

    static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

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
        field.CopyTo(rest[Prefix..]);
        _length += Prefix + field.Length;
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

    /// <summary>Seeded for each process, so that names chosen by a stranger cannot be made to collide.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ ((ulong)bytes.Length * Multiplier);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            hash = Mix(hash ^ word);

        var tail = bytes[(bytes.Length & ~7)..];
        if (!tail.IsEmpty)
        {
            ulong last = 0;
            for (var i = 0; i < tail.Length; i++)
                last |= (ulong)tail[i] << (8 * i);
            hash = Mix(hash ^ last);
        }

        return Mix(hash);
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

    static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return BitOperations.RotateLeft(low ^ high, 29) ^ Seed;
    }

    static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> field)
    {
        var length = MaxFieldBytes;
        while (length > MaxFieldBytes - 4 && (field[length] & 0xC0) == 0x80)
            length--;
        return field[..length];
    }
}
