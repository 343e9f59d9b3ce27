using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// Protobuf wire format into one pooled, growing array (https://protobuf.dev/programming-guides/encoding/). A message whose
/// length is not known in advance gets a length of four bytes, the highest three with the continuation bit, which every parser
/// takes. Not thread-safe; use after <see cref="Dispose"/> is a bug.
/// </summary>
sealed class ProtobufBuffer(int capacity) : IDisposable
{
    /// <summary>What a length of four bytes can say.</summary>
    public const int MaxMessage = (1 << 28) - 1;

    byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>What was written, to be filled in.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Bytes a length or number takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) * 37 >> 8) + 1;

    /// <summary>Room for at least <paramref name="size"/> bytes; what is used of it is said with <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
            Grow(size);
        return _bytes.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int size) => Length += size;

    public void Truncate(int length) => Length = length;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Varint(ulong value)
    {
        var room = Reserve(10);
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            room[i++] = (byte)(value | 0x80);
        room[i] = (byte)value;
        Length += i + 1;
    }

    public void Fixed64(byte tag, ulong value)
    {
        var room = Reserve(9);
        room[0] = tag;
        BinaryPrimitives.WriteUInt64LittleEndian(room[1..], value);
        Length += 9;
    }

    /// <summary>Bytes, or text that is known to be valid.</summary>
    public void Field(byte tag, ReadOnlySpan<byte> value)
    {
        Byte(tag);
        Varint((uint)value.Length);
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    /// <summary>Writes again what was written there.</summary>
    public void Repeat(int start, int length)
    {
        var room = Reserve(length);
        _bytes.AsSpan(start, length).CopyTo(room);
        Length += length;
    }

    /// <summary>Begins a nested message of unknown length and returns what <see cref="Close"/> needs.</summary>
    public int Open(byte tag)
    {
        Reserve(5)[0] = tag;
        Length += 5;
        return Length;
    }

    public void Close(int start)
    {
        var size = Length - start;
        if (size > MaxMessage)
            throw new InvalidOperationException($"A message of {size} bytes is over what its length field can say.");
        var field = _bytes.AsSpan(start - 4);
        field[0] = (byte)(size | 0x80);
        field[1] = (byte)((size >> 7) | 0x80);
        field[2] = (byte)((size >> 14) | 0x80);
        field[3] = (byte)(size >> 21);
    }

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Grow(int size)
    {
        var needed = (long)Length + size;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException("A batch is over two gigabytes.");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, (long)_bytes.Length * 2), Array.MaxLength));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
