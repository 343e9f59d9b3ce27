using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Walks over the lines of a dead-letter file with the memory of one buffer, however long they are. What follows the last line
/// end is not looked at: it is being written, or was cut short by a kill and belongs to a record that was not passed.
/// </summary>
sealed class DeadLetterScanner : IDisposable
{
    /// <summary>Enough for everything before the record: the backend's words are at most 1,024 characters.</summary>
    public const int HeadBytes = 64 * 1024;

    const int BufferBytes = 4 * HeadBytes;

    readonly SafeFileHandle _file;
    readonly long _end;
    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    long _bufferStart;
    int _buffered;

    /// <param name="file">Stays the caller's.</param>
    /// <param name="end">Nothing is read at or behind this offset.</param>
    public DeadLetterScanner(SafeFileHandle file, long end)
    {
        _file = file;
        _end = end;
    }

    /// <summary>Offset of the current line.</summary>
    public long Start { get; private set; }

    /// <summary>Offset behind the current line's end; before the first call 0, after the last the end of the last whole line.</summary>
    public long Next { get; private set; }

    /// <summary>Bytes of the current line without its end.</summary>
    public long Length => Next - Start - 1;

    /// <summary>The beginning of the current line, all of it when it is no longer than <see cref="HeadBytes"/>. Good until the next call.</summary>
    public ReadOnlySpan<byte> Head => _buffer.AsSpan((int)(Start - _bufferStart), (int)Math.Min(Length, HeadBytes));

    /// <summary>What <see cref="DeadLetterRewrite"/> leaves of a letter where there is no room for another file.</summary>
    public bool IsBlank => Length == 0 || Head[0] == (byte)' ';

    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryNext()
    {
        Start = Next;
        Fill();
        var window = _buffer.AsSpan((int)(Start - _bufferStart), _buffered - (int)(Start - _bufferStart));
        var at = window.IndexOf((byte)'\n');
        var end = at >= 0 ? Start + at : FindEnd(_bufferStart + _buffered);
        if (end < 0)
            return false;

        Next = end + 1;
        return true;
    }

    /// <summary>Bytes of the current line.</summary>
    /// <param name="from">The first one's place in the line.</param>
    /// <exception cref="IOException">The file cannot be read, or is shorter than it was.</exception>
    public void Read(long from, Span<byte> destination)
    {
        for (var done = 0; done < destination.Length;)
        {
            var read = RandomAccess.Read(_file, destination[done..], Start + from + done);
            if (read == 0)
                throw new EndOfStreamException("The dead-letter file became shorter while it was read.");
            done += read;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Sees to it that the head of the line at <see cref="Start"/> is in the buffer.</summary>
    void Fill()
    {
        var offset = Start - _bufferStart;
        var has = _buffered - offset;
        if (has >= HeadBytes || _bufferStart + _buffered >= _end)
            return;

        var keep = (int)Math.Max(0, has);
        if (keep > 0)
            _buffer.AsSpan((int)offset, keep).CopyTo(_buffer);
        _bufferStart = Start;
        _buffered = keep;
        while (_buffered < BufferBytes && ReadUpTo(_bufferStart + _buffered, _buffer.AsSpan(_buffered, BufferBytes - _buffered)) is > 0 and var read)
            _buffered += read;
    }

    /// <summary>Offset of the line end of a line that is longer than the buffer; -1 when there is none.</summary>
    long FindEnd(long from)
    {
        var block = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (ReadUpTo(from, block) is > 0 and var read)
            {
                var at = block.AsSpan(0, read).IndexOf((byte)'\n');
                if (at >= 0)
                    return from + at;
                from += read;
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    int ReadUpTo(long offset, Span<byte> destination) =>
        RandomAccess.Read(_file, destination[..(int)Math.Min(destination.Length, Math.Max(0, _end - offset))], offset);
}
