using System.Buffers;
using System.IO.Compression;

namespace Tailscale2Otel.Compression;

/// <summary>
/// Zstandard (RFC 8878) over another stream, in the manner of <see cref="GZipStream"/>: any number of frames is read, one is
/// written. Input that is not Zstandard, is cut short or wants a larger window than <see cref="MaxWindowLog"/> throws
/// <see cref="InvalidDataException"/>. Not thread-safe.
/// </summary>
sealed class ZstdStream : Stream
{
    /// <summary>8 MiB, the window that RFC 9659 allows a sender of <c>Content-Encoding: zstd</c>; a frame cannot make us allocate more.</summary>
    public const int MaxWindowLog = 23;

    /// <summary>libzstd's fastest regular level: telemetry repeats itself so much that the slower ones save little.</summary>
    const int Level = 1;

    const int BufferSize = 64 * 1024;

    readonly Stream _inner;
    readonly bool _leaveOpen;
    readonly CompressionMode _mode;
    readonly ZstdHandle _handle;
    byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int _start;
    int _end;
    bool _moreOutput;
    bool _betweenFrames = true;
    bool _ended;

    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdStream(Stream inner, CompressionMode mode, bool leaveOpen = false)
    {
        if (!IsAvailable)
        {
            throw new DllNotFoundException(
                "zstd needs the system library libzstd (libzstd.so.1), which was not found: install Debian's package libzstd1 "
                + "or your system's equivalent (libzstd, zstd-libs, brew install zstd)");
        }

        _inner = inner;
        _mode = mode;
        _leaveOpen = leaveOpen;
        _handle = new ZstdHandle(mode == CompressionMode.Compress);
        if (mode == CompressionMode.Compress)
        {
            Check(Libzstd.SetCompressor(_handle.DangerousGetHandle(), Libzstd.CompressionLevel, Level));
            Check(Libzstd.SetCompressor(_handle.DangerousGetHandle(), Libzstd.ChecksumFlag, 1));
        }
        else
        {
            Check(Libzstd.SetDecompressor(_handle.DangerousGetHandle(), Libzstd.WindowLogMax, MaxWindowLog));
        }
    }

    public static bool IsAvailable => Libzstd.IsAvailable;

    public override bool CanRead => _mode == CompressionMode.Decompress && _buffer is not null && _inner.CanRead;

    public override bool CanWrite => _mode == CompressionMode.Compress && _buffer is not null && _inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        Demand(CompressionMode.Decompress);
        while (true)
        {
            if (TryDecompress(buffer, out var produced))
                return produced;
            Received(_inner.Read(_buffer));
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Demand(CompressionMode.Decompress);
        while (true)
        {
            if (TryDecompress(buffer.Span, out var produced))
                return produced;
            Received(await _inner.ReadAsync(_buffer, cancellationToken));
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Demand(CompressionMode.Compress);
        Compress(buffer, Libzstd.End.Continue);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Demand(CompressionMode.Compress);
        await CompressAsync(buffer, Libzstd.End.Continue, cancellationToken);
    }

    /// <summary>Ends a block, so that the reader can decompress everything written so far.</summary>
    public override void Flush()
    {
        if (_mode == CompressionMode.Decompress)
            return;
        Demand(CompressionMode.Compress);
        Compress([], Libzstd.End.Flush);
        _inner.Flush();
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_mode == CompressionMode.Decompress)
            return;
        Demand(CompressionMode.Compress);
        await CompressAsync(default, Libzstd.End.Flush, cancellationToken);
        await _inner.FlushAsync(cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Writes the end of the frame; without this the output is cut short.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer is not null)
        {
            try
            {
                if (_mode == CompressionMode.Compress)
                    Compress([], Libzstd.End.End);
            }
            finally
            {
                Release();
                if (!_leaveOpen)
                    _inner.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_buffer is not null)
        {
            try
            {
                if (_mode == CompressionMode.Compress)
                    await CompressAsync(default, Libzstd.End.End, CancellationToken.None);
            }
            finally
            {
                Release();
                if (!_leaveOpen)
                    await _inner.DisposeAsync();
            }
        }

        await base.DisposeAsync();
    }

    void Received(int count)
    {
        (_start, _end) = (0, count);
        _ended = count == 0;
    }

    /// <summary>False when more input is needed.</summary>
    bool TryDecompress(Span<byte> destination, out int produced)
    {
        produced = 0;
        if (destination.IsEmpty)
            return true;
        while (_start < _end || _moreOutput)
        {
            var remaining = Step(destination, _buffer.AsSpan(_start, _end - _start), Libzstd.End.Continue, out var consumed, out produced);
            _start += consumed;
            // Between frames a call without input answers with the size of the next header, which must not look like an open frame.
            if (consumed > 0 || produced > 0)
                _betweenFrames = remaining == 0;
            _moreOutput = remaining != 0 && produced == destination.Length;
            if (produced > 0)
                return true;
        }

        if (!_ended)
            return false;
        return _betweenFrames ? true : throw new InvalidDataException("zstd: the data ends inside a frame");
    }

    void Compress(ReadOnlySpan<byte> source, Libzstd.End end)
    {
        nuint remaining;
        do
        {
            remaining = Step(_buffer, source, end, out var consumed, out var produced);
            source = source[consumed..];
            _inner.Write(_buffer.AsSpan(0, produced));
        }
        while (IsUnfinished(source.Length, end, remaining));
    }

    async ValueTask CompressAsync(ReadOnlyMemory<byte> source, Libzstd.End end, CancellationToken cancellation)
    {
        nuint remaining;
        do
        {
            remaining = Step(_buffer, source.Span, end, out var consumed, out var produced);
            source = source[consumed..];
            await _inner.WriteAsync(_buffer.AsMemory(0, produced), cancellation);
        }
        while (IsUnfinished(source.Length, end, remaining));
    }

    static bool IsUnfinished(int unread, Libzstd.End end, nuint remaining) =>
        end == Libzstd.End.Continue ? unread > 0 : remaining != 0;

    unsafe nuint Step(Span<byte> destination, ReadOnlySpan<byte> source, Libzstd.End end, out int consumed, out int produced)
    {
        fixed (byte* to = destination)
        {
            fixed (byte* from = source)
            {
                var output = new Libzstd.Buffer { Data = to, Size = (nuint)destination.Length };
                var input = new Libzstd.Buffer { Data = from, Size = (nuint)source.Length };
                var context = _handle.DangerousGetHandle();
                var result = Check(_mode == CompressionMode.Compress
                    ? Libzstd.Compress(context, &output, &input, end)
                    : Libzstd.Decompress(context, &output, &input));
                GC.KeepAlive(_handle);
                (consumed, produced) = ((int)input.Position, (int)output.Position);
                return result;
            }
        }
    }

    static nuint Check(nuint result) =>
        Libzstd.IsError(result) == 0 ? result : throw new InvalidDataException($"zstd: {Libzstd.ErrorName(result)}");

    void Demand(CompressionMode mode)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (_mode != mode)
            throw new NotSupportedException(mode == CompressionMode.Decompress ? "This stream only compresses." : "This stream only decompresses.");
    }

    void Release()
    {
        _handle.Dispose();
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
