using System.Buffers;

namespace Tailscale2Otel.Processing;

/// <summary>Bytes written one after another into a pooled array, which its owner gives back with <see cref="Dispose"/>.</summary>
sealed class PooledBytes(int capacity = 1024) : IDisposable
{
    byte[] _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    /// <summary>Good until the next write.</summary>
    public Span<byte> Written => _array.AsSpan(0, Length);

    /// <summary>Room for so many bytes behind what is written; <see cref="Advance"/> takes them.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_array.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Length + (long)count, _array.Length * 2L), Array.MaxLength));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }

        return _array.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Truncate(int length) => Length = length;

    public void Write(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        Length = 0;
    }
}
