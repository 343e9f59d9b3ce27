using System.Buffers;

namespace Tailscale2Otel.Tailscale;

/// <summary>A whole body in one pooled array.</summary>
sealed class SmallBody : IDisposable
{
    const int FirstBytes = 16_384;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    int _length;

    SmallBody()
    {
    }

    /// <summary>Good until this is disposed of. What came before a fault, when there was one.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public static async ValueTask<SmallBody> ReadAsync(BoundedBody body)
    {
        var small = new SmallBody();
        try
        {
            int read;
            while ((read = await body.ReadAsync(small.Free())) > 0)
                small._length += read;
            return small;
        }
        catch
        {
            small.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    Memory<byte> Free()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Memory.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length);
    }
}
