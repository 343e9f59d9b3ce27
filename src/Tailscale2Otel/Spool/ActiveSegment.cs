namespace Tailscale2Otel.Spool;

/// <summary>The segment file that the writer appends to.</summary>
sealed class ActiveSegment : IDisposable
{
    readonly SpoolFile _file;

    /// <summary>The directory, until the file's name in it was flushed.</summary>
    SpoolDirectory? _unlisted;

    ActiveSegment(SpoolFile file, Segment segment, DateTimeOffset since)
    {
        _file = file;
        Segment = segment;
        Since = since;
        Written = segment.End;
    }

    public Segment Segment { get; }

    public DateTimeOffset Since { get; }

    /// <summary>Something was written that no flush has covered.</summary>
    public bool IsDirty { get; private set; }

    public bool HasFailedFlush { get; private set; }

    /// <summary>Position behind everything that may be in the file, kept or not.</summary>
    public long Written { get; private set; }

    /// <exception cref="IOException">The file cannot be created; nothing of it stays.</exception>
    public static ActiveSegment Begin(SpoolDirectory directory, SegmentHeader header, bool flush, DateTimeOffset now)
    {
        var segment = new Segment(header, header.Start, now.ToUnixTimeMilliseconds());
        var file = directory.Create(segment.Name);
        try
        {
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            header.Write(bytes);
            file.Write(0, bytes);
            if (flush)
            {
                file.Flush();
                directory.Flush();
            }

            return new ActiveSegment(file, segment, now) { _unlisted = flush ? null : directory };
        }
        catch (IOException)
        {
            file.Dispose();
            try
            {
                directory.Delete(segment.Name);
            }
            catch (IOException)
            {
                // The next attempt has the same name and empties it.
            }

            throw;
        }
    }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static ActiveSegment GoOn(SpoolDirectory directory, Segment segment, DateTimeOffset now) =>
        new(directory.OpenWrite(segment.Name), segment, now);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long bytes)
    {
        Written = Math.Max(Written, Segment.End + bytes);
        IsDirty = true;
        _file.Write(Segment.OffsetOf(Segment.End), parts);
    }

    public void Flush()
    {
        HasFailedFlush = true;
        _file.Flush();
        _unlisted?.Flush();
        _unlisted = null;
        HasFailedFlush = false;
        IsDirty = false;
    }

    /// <summary>Takes back what was written behind the segment's end; false when the disk does not even do that.</summary>
    public bool TryCutBack()
    {
        try
        {
            _file.Truncate(Segment.OffsetOf(Segment.End));
            Written = Segment.End;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();
}
