using System.Buffers;

namespace Tailscale2Otel.Spool;

/// <summary>
/// Frames of one segment file through a pooled buffer. Spans are good until the next call. Bytes at or behind the limit of a
/// call are never looked at, since the writer may be at work there.
/// </summary>
sealed class FrameScanner(int bufferSize = FrameScanner.DefaultBuffer) : IDisposable
{
    // 256 KiB: larger ones read no faster from the page cache (SpoolReadBenchmarks).
    const int DefaultBuffer = 256 * 1024;

    /// <summary>Unreadable places are left behind in steps of a disk block.</summary>
    public const int Block = 4096;

    /// <summary>
    /// What is behind the scanner is given back to the system in pieces: a backlog read once must not push everything else out
    /// of memory, and a writer that gets the same pages again is faster (docs/performance.md).
    /// </summary>
    const int ForgetEvery = 1024 * 1024;

    byte[] _buffer = [];
    Segment? _segment;
    long _bufferStart;
    long _forgotten;
    int _buffered;

    /// <summary>Why the disk did not give bytes that are there and were wanted last; null when it did.</summary>
    public IOException? Failure { get; private set; }

    public bool IsUnreadable => Failure is not null;

    public SpoolFile? File { get; private set; }

    /// <summary>Takes over the file.</summary>
    public void Open(SpoolFile file, Segment segment)
    {
        File?.Dispose();
        File = file;
        _segment = segment;
        _buffered = 0;
        _forgotten = -1;
    }

    /// <summary>The header at a position, without looking at what it covers.</summary>
    public bool TryHeader(long position, long limit, out FrameHeader header) =>
        FrameHeader.TryParse(Peek(position, FrameHeader.Size, limit), position, _segment!.Salt, out header);

    /// <summary>The whole frame at a position; false when there is none that is sound.</summary>
    public bool TryFrame(long position, long limit, out FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (!FrameHeader.TryParse(Peek(position, FrameHeader.Size, limit), position, _segment!.Salt, out header) || header.Length > limit - position)
            return false;

        frame = Peek(position, header.Length, limit);
        if (frame.Length < header.Length)
            return false;

        frame = frame[..header.Length];
        return header.Matches(frame);
    }

    /// <summary>Position of the first sound frame at or after a position; the limit when there is none.</summary>
    /// <param name="stopsAtUnreadable">Whether to end, with a <see cref="Failure"/>, where a frame may begin that the disk does not give.</param>
    public long FindFrame(long from, long limit, bool stopsAtUnreadable = false)
    {
        while (from < limit)
        {
            var bytes = Peek(from, FrameHeader.Size, limit);
            if (stopsAtUnreadable && IsUnreadable && bytes.Length < FrameHeader.Marker.Length)
                return from;
            if (bytes.IsEmpty)
            {
                if (!IsUnreadable)
                    return limit;
                from += Block - (_segment!.OffsetOf(from) % Block);
                continue;
            }

            var marker = bytes.IndexOf(FrameHeader.Marker);
            if (marker < 0)
            {
                // A marker may begin in the last three bytes.
                from += Math.Max(1, bytes.Length - FrameHeader.Marker.Length + 1);
                continue;
            }

            from += marker;
            if (TryFrame(from, limit, out _, out _) || (stopsAtUnreadable && IsUnreadable))
                return from;
            from++;
        }

        return limit;
    }

    public void Close()
    {
        File?.Dispose();
        File = null;
        _segment = null;
        _buffered = 0;
    }

    public void Dispose()
    {
        Close();
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>All buffered bytes from a position on, at least as many as asked for where file and limit allow.</summary>
    ReadOnlySpan<byte> Peek(long position, int atLeast, long limit)
    {
        Failure = null;
        var offset = position - _bufferStart;
        if (offset < 0 || offset > _buffered || _buffered == 0)
        {
            _bufferStart = position;
            _buffered = 0;
            offset = 0;
        }

        var wanted = (int)Math.Min(atLeast, limit - position);
        if (_buffered - offset < wanted)
        {
            Fill((int)offset, wanted, limit);
            offset = 0;
        }

        return _buffer.AsSpan((int)offset, (int)Math.Min(_buffered - offset, limit - position));
    }

    void Fill(int drop, int wanted, long limit)
    {
        MakeRoom(drop, wanted);
        ForgetBehind();
        try
        {
            while (_buffered < wanted)
            {
                var room = (int)Math.Min(_buffer.Length - _buffered, limit - _bufferStart - _buffered);
                var read = File!.Read(_segment!.OffsetOf(_bufferStart) + _buffered, _buffer.AsSpan(_buffered, room));
                if (read == 0)
                    return;
                _buffered += read;
            }
        }
        catch (IOException e)
        {
            Failure = e;
        }
    }

    void ForgetBehind()
    {
        var behind = _segment!.OffsetOf(_bufferStart);
        // What is before the first place read is not this scanner's to forget.
        if (_forgotten < 0)
            _forgotten = behind;
        if (behind < _forgotten + ForgetEvery)
            return;

        File!.Forget(_forgotten, behind - _forgotten);
        _forgotten = behind;
    }

    /// <summary>Moves what is still needed to the front of a buffer that is large enough, and not kept large for one large frame.</summary>
    void MakeRoom(int drop, int wanted)
    {
        var keep = _buffered - drop;
        var size = Math.Max(wanted, bufferSize);
        var source = _buffer;
        if (_buffer.Length < size || _buffer.Length > 4L * size)
            _buffer = ArrayPool<byte>.Shared.Rent(size);
        source.AsSpan(drop, keep).CopyTo(_buffer);
        if (source != _buffer && source.Length > 0)
            ArrayPool<byte>.Shared.Return(source);
        _bufferStart += drop;
        _buffered = keep;
    }
}
