namespace Tailscale2Otel.Spool;

/// <summary>
/// The one thread that changes segment files. It takes all waiting appends, writes them with one call and flushes once
/// before it answers any of them. A failed write is taken back whole, so that nothing refused is ever read.
/// </summary>
sealed partial class SpoolWriter
{
    static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(1);

    readonly SpoolContext _context;
    readonly SegmentTable _table;
    readonly DiskSpoolCursors _cursors;
    readonly AppendQueue _queue;
    readonly FreeSpace _free;
    readonly SegmentSweeper _sweeper;
    readonly ITimer _probe;
    readonly ulong _salt;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<PendingAppend> _group = [];
    readonly List<ReadOnlyMemory<byte>> _parts = [];
    long _groupBytes;
    long _nextStart;
    ActiveSegment? _active;
    SpoolProblem? _problem;
    long _refusedBytes;
    long _neededBytes;

    public SpoolWriter(SpoolContext context, RecoveredSpool recovered, DiskSpoolCursors cursors, AppendQueue queue)
    {
        _context = context;
        _table = recovered.Table;
        _cursors = cursors;
        _queue = queue;
        _salt = recovered.Salt;
        _nextStart = recovered.NextStart;
        _free = new FreeSpace(context);
        _sweeper = new SegmentSweeper(context, _table, cursors);
        _probe = context.Time.CreateTimer(_ => _queue.Request(WriterWork.Probe), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (recovered.Active is { } open)
            _active = ActiveSegment.GoOn(context.Directory, open, context.Time.GetUtcNow());
    }

    /// <summary>Ends when the queue was closed and everything in it is answered.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What the last failure was; null when there was none since the last success.</summary>
    public SpoolProblem? Problem => Volatile.Read(ref _problem);

    /// <summary>Size of the last append that the backlog limit refused; 0 when one was taken since.</summary>
    public long RefusedBytes => Volatile.Read(ref _refusedBytes);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "spool writer" }.Start();

    void Run()
    {
        List<PendingAppend> work = [];
        while (_queue.Take(ref work, out var also))
        {
            Attend(also);
            for (var next = 0; next < work.Count;)
            {
                next = Gather(work, next);
                if (_group.Count > 0)
                    Commit();
            }

            work.Clear();
        }

        _probe.Dispose();
        Close(flush: true);
        _ended.SetResult();
    }

    /// <summary>Collects appends for one write into one segment, refusing those that the limits do not allow. Returns the first not looked at.</summary>
    int Gather(List<PendingAppend> work, int from)
    {
        _group.Clear();
        _groupBytes = 0;
        var backlog = _table.BytesFrom(_cursors.Lowest);
        for (var i = from; i < work.Count; i++)
        {
            var pending = work[i];
            if (Refusal(backlog, pending.Bytes) is { } reason)
            {
                _context.Metrics.Refused(reason);
                pending.Complete(AppendOutcome.Full);
                continue;
            }

            if (_group.Count == 0 && _active is { Segment.Bytes: > 0 } && !Fits(pending.Bytes))
                Close(_context.Limits.Sync != SpoolSync.Never);
            else if (_group.Count > 0 && !Fits(pending.Bytes))
                return i;

            _group.Add(pending);
            _groupBytes += pending.Bytes;
        }

        return work.Count;
    }

    /// <summary>An append is never spread over two segments; one that is larger gets a segment to itself.</summary>
    bool Fits(long bytes) => (_active?.Segment.Bytes ?? 0) + _groupBytes + bytes <= _context.Limits.SegmentBytes;

    string? Refusal(long backlog, long bytes)
    {
        var limits = _context.Limits;
        if (backlog + _groupBytes + bytes > limits.MaxBytes)
        {
            Volatile.Write(ref _refusedBytes, bytes);
            return SpoolProblem.Backlog;
        }

        if (!_free.Allows(_groupBytes + bytes) && !(Sweep(wanted: true) && _free.Allows(_groupBytes + bytes)))
        {
            Fail(new SpoolProblem(AppendOutcome.Full, SpoolProblem.DiskReserve,
                $"less than spool.min_free_bytes ({limits.MinFreeBytes} bytes) would be free on the disk of {_context.Directory.Path}; free some space"), _groupBytes + bytes);
            return SpoolProblem.DiskReserve;
        }

        return null;
    }

    void Commit()
    {
        var now = _context.Time.GetUtcNow();
        try
        {
            _active ??= ActiveSegment.Begin(_context.Directory, new SegmentHeader(_nextStart, _table.End, _salt), _context.Limits.FlushesBeforeAnswer, now);
            Write(_active);
        }
        catch (IOException e)
        {
            TakeBack();
            var outcome = DiskFault.OutcomeOf(e);
            var reason = outcome == AppendOutcome.Full ? SpoolProblem.DiskFull : SpoolProblem.DiskFailed;
            Fail(new SpoolProblem(outcome, reason, $"writing to {_context.Directory.Path} failed: {e.Message}"), outcome == AppendOutcome.Full ? _groupBytes : 0);
            foreach (var pending in _group)
            {
                _context.Metrics.Refused(reason);
                pending.Complete(outcome);
            }

            return;
        }

        _active.Segment.LastAppend = now.ToUnixTimeMilliseconds();
        _free.Spend(_groupBytes);
        Succeed();
        Answer(_active.Segment);
        if (_table.BytesOnDisk > _context.Limits.MaxBytes)
            Sweep(wanted: false);
    }

    void Write(ActiveSegment active)
    {
        _parts.Clear();
        var position = active.Segment.End;
        foreach (var pending in _group)
        {
            pending.Batch.Place(position, _salt);
            _parts.Add(pending.Batch.Frames);
            position += pending.Bytes;
        }

        active.Write(_parts, _groupBytes);
        if (_context.Limits.FlushesBeforeAnswer)
            Flush(active);
    }

    void Answer(Segment segment)
    {
        var records = 0L;
        foreach (var pending in _group)
            records += pending.Batch.Count;

        var end = segment.End;
        _context.Metrics.Appended(records, _groupBytes);
        _table.Publish(segment, end + _groupBytes);
        _cursors.Begin(segment.Start);
        foreach (var pending in _group)
        {
            end += pending.Bytes;
            pending.Complete(AppendOutcome.Durable, end);
        }
    }

    /// <summary>
    /// After a failed write or flush. When the flush failed the segment is left for a new one: the kernel may have dropped
    /// pages that it now calls clean (lwn.net/Articles/752063), so that a later success in this file proves nothing.
    /// </summary>
    void TakeBack()
    {
        if (_active is not { } active)
            return;

        var isCut = active.TryCutBack();
        if (isCut && !active.HasFailedFlush)
            return;

        _nextStart = isCut ? active.Segment.End : active.Written;
        active.Dispose();
        _active = null;
    }

    void Close(bool flush)
    {
        if (_active is not { } active)
            return;

        try
        {
            if (flush && active.IsDirty)
                Flush(active);
        }
        catch (IOException e)
        {
            Fail(new SpoolProblem(AppendOutcome.Unavailable, SpoolProblem.DiskFailed, $"flushing {active.Segment.Name} failed: {e.Message}"));
        }

        _nextStart = active.Segment.End;
        active.Dispose();
        _active = null;
    }
}
