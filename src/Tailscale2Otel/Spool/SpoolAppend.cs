using System.Buffers;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>Frames that become durable together, built in pooled memory. The caller owns it and disposes it after the append.</summary>
sealed class SpoolAppend : IDisposable
{
    /// <summary>Far above what one request may carry; what goes over it is a mistake of the caller.</summary>
    public const int MaxBytes = 1 << 29;

    const int LargestPooled = 1024 * 1024;
    const int FirstBuffer = 16 * 1024;

    byte[] _buffer = [];
    int _length;
    int _holders = 1;
    bool _disposed;

    /// <summary>Frames added so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the frames will take in the spool.</summary>
    public long Bytes => _length;

    /// <summary>The encoded frames, good until the append is disposed.</summary>
    public ReadOnlyMemory<byte> Frames => _buffer.AsMemory(0, _length);

    /// <param name="receivedAt">Unix nanoseconds.</param>
    /// <param name="metadata">A JSON object or nothing, see <see cref="RawRecord.Metadata"/>; copied.</param>
    /// <param name="payload">See <see cref="RecordSignal"/>; copied.</param>
    /// <exception cref="ArgumentException">The record is larger than a frame can be; receivers bound their bodies below that.</exception>
    public void Add(RecordSource source, RecordSignal signal, string tailnet, long receivedAt, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> payload)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var tailnetLength = Encoding.UTF8.GetByteCount(tailnet);
        if (tailnetLength > FrameHeader.MaxTailnet)
            throw new ArgumentException($"A tailnet name takes at most {FrameHeader.MaxTailnet} bytes", nameof(tailnet));
        if ((long)metadata.Length + payload.Length > FrameHeader.MaxBody)
            throw new ArgumentException($"A record takes at most {FrameHeader.MaxBody} bytes", nameof(payload));

        var frame = Extend(FrameHeader.Size + tailnetLength + metadata.Length + payload.Length);
        var body = frame[FrameHeader.Size..];
        Encoding.UTF8.GetBytes(tailnet, body);
        metadata.CopyTo(body[tailnetLength..]);
        payload.CopyTo(body[(tailnetLength + metadata.Length)..]);
        FrameHeader.Write(frame, source, signal, receivedAt, tailnetLength, metadata.Length);
        Count++;
    }

    /// <summary>Makes room for frames whose number and size are known, so that the buffer need not grow to its size step by step.</summary>
    /// <param name="bytes">Of all metadata and payloads.</param>
    public void Reserve(int frames, string tailnet, long bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var needed = _length + bytes + ((long)frames * (FrameHeader.Size + Encoding.UTF8.GetByteCount(tailnet)));
        // What is too much is told by the frame that does not fit.
        if (needed > _buffer.Length && needed <= MaxBytes)
            Grow((int)needed);
    }

    /// <summary>Gives every frame its place in the spool; may be called again for another place.</summary>
    public void Place(long position, ulong salt)
    {
        for (var at = 0; at < _length;)
            at += FrameHeader.Place(_buffer.AsSpan(at, _length - at), position + at, salt, _length - at);
    }

    /// <summary>The spool needs the buffer, even when the caller gives up waiting and disposes the append.</summary>
    public void Hold()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Interlocked.Increment(ref _holders);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0 || _buffer.Length == 0)
            return;

        Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        Release();
    }

    Span<byte> Extend(int bytes)
    {
        var needed = (long)_length + bytes;
        if (needed > MaxBytes)
            throw new ArgumentException($"One append takes at most {MaxBytes} bytes");

        if (needed > _buffer.Length)
            Grow((int)Math.Max(Math.Max(needed, FirstBuffer), Math.Min(2L * _buffer.Length, MaxBytes)));

        var added = _buffer.AsSpan(_length, bytes);
        _length = (int)needed;
        return added;
    }

    void Grow(int size)
    {
        var larger = Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    /// <summary>The pool would keep the arrays of one large request for ever.</summary>
    static byte[] Rent(int size) => size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
