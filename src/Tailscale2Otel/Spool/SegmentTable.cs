namespace Tailscale2Otel.Spool;

/// <summary>
/// The segments with at least one frame, oldest first, and the end of the spool. The writer changes it, everybody reads it:
/// readers work on whole snapshots.
/// </summary>
sealed class SegmentTable
{
    readonly Lock _gate = new();
    Segment[] _segments;
    long _end;
    TaskCompletionSource? _advance;
    bool _closed;

    public SegmentTable(IEnumerable<Segment> segments, long end)
    {
        _segments = [.. segments];
        _end = end;
    }

    public long End => Volatile.Read(ref _end);

    public long Oldest => Snapshot is [var first, ..] ? first.Start : End;

    public Segment[] Snapshot => Volatile.Read(ref _segments);

    public Segment? Last => Snapshot is [.., var last] ? last : null;

    /// <summary>Bytes of all segment files.</summary>
    public long BytesOnDisk
    {
        get
        {
            var sum = 0L;
            foreach (var segment in Snapshot)
                sum += SegmentHeader.Size + segment.Bytes;
            return sum;
        }
    }

    /// <summary>Bytes of frames at or after a position; gaps hold none.</summary>
    public long BytesFrom(long position)
    {
        var sum = 0L;
        var segments = Snapshot;
        for (var i = segments.Length - 1; i >= 0 && segments[i].End > position; i--)
            sum += segments[i].End - Math.Max(segments[i].Start, position);
        return sum;
    }

    /// <summary>The segment of the first frame at or after a position, and the one before it.</summary>
    public (Segment? Before, Segment? At) Find(long position)
    {
        var segments = Snapshot;
        int low = 0, high = segments.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return (low > 0 ? segments[low - 1] : null, low < segments.Length ? segments[low] : null);
    }

    /// <summary>Makes everything before a position visible, after the segment's own end has moved.</summary>
    public void Publish(Segment segment, long end)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            segment.End = end;
            if (Last != segment)
                Volatile.Write(ref _segments, [.. _segments, segment]);
            Volatile.Write(ref _end, end);
            waiting = _advance;
            _advance = null;
        }

        waiting?.TrySetResult();
    }

    public void RemoveOldest()
    {
        lock (_gate)
            Volatile.Write(ref _segments, _segments[1..]);
    }

    /// <summary>Ends when the spool ends behind a position.</summary>
    /// <exception cref="ObjectDisposedException">The spool was closed.</exception>
    public ValueTask WaitBeyondAsync(long position, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_end > position)
                return ValueTask.CompletedTask;

            ObjectDisposedException.ThrowIf(_closed, typeof(DiskSpool));
            _advance ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_advance.Task.WaitAsync(cancellation));
        }
    }

    public void Close()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _closed = true;
            waiting = _advance;
            _advance = null;
        }

        waiting?.TrySetException(new ObjectDisposedException(nameof(DiskSpool)));
    }
}
