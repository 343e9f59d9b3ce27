namespace Tailscale2Otel.Spool;

sealed partial class SpoolWriter
{
    const string ProbeName = "probe";
    const int ProbeBytes = 4096;
    static readonly TimeSpan ShortestActive = TimeSpan.FromMinutes(1);

    TimeSpan LongestActive => _context.Limits.Retention / 2 > ShortestActive ? _context.Limits.Retention / 2 : ShortestActive;

    void Attend(WriterWork work)
    {
        if ((work & WriterWork.Flush) != 0 && _active is { IsDirty: true })
            FlushLate(_active);

        if ((work & WriterWork.Probe) != 0 && _problem is not null)
            Probe();

        if ((work & WriterWork.Retain) != 0)
        {
            // A quiet tailnet must not keep its oldest records in a segment that never fills.
            if (_active is { Segment.Bytes: > 0 } active && _context.Time.GetUtcNow() - active.Since >= LongestActive)
                Close(_context.Limits.Sync != SpoolSync.Never);
            Sweep(wanted: false);
        }
    }

    bool Sweep(bool wanted)
    {
        var isAnyGone = _sweeper.Sweep(_active?.Segment, wanted);
        if (isAnyGone)
            _free.Forget();
        return isAnyGone;
    }

    void Flush(ActiveSegment active)
    {
        var started = _context.Time.GetTimestamp();
        active.Flush();
        _context.Metrics.Flushed(_context.Time.GetElapsedTime(started));
    }

    void FlushLate(ActiveSegment active)
    {
        try
        {
            Flush(active);
        }
        catch (IOException e)
        {
            Fail(new SpoolProblem(AppendOutcome.Unavailable, SpoolProblem.DiskFailed, $"flushing {active.Segment.Name} failed: {e.Message}"));
            Close(flush: false);
        }
    }

    /// <summary>
    /// Whether the disk takes a flushed write again, and has room for what it refused: an answer that changed every second would
    /// be none. An append that comes first finds out by itself.
    /// </summary>
    void Probe()
    {
        try
        {
            using (var file = _context.Directory.Create(ProbeName))
            {
                Span<byte> bytes = stackalloc byte[ProbeBytes];
                bytes.Clear();
                // Where the refused write would have ended: a hole costs no room, and a limit of file sizes shows.
                file.Write(Math.Max(0, (_active?.Segment.Bytes ?? 0) + _neededBytes - ProbeBytes), bytes);
                file.Flush();
            }

            _context.Directory.Delete(ProbeName);
            if (_free.Allows(Math.Max(_neededBytes, ProbeBytes)))
            {
                Succeed();
                return;
            }
        }
        catch (IOException)
        {
            // Still failing; the problem stands as it was reported.
        }

        _probe.Change(ProbeAfter, Timeout.InfiniteTimeSpan);
    }

    /// <param name="needed">Bytes that found no room.</param>
    void Fail(SpoolProblem problem, long needed = 0)
    {
        _neededBytes = needed;
        if (_problem?.Reason != problem.Reason)
            Log.Refusing(_context.Log, problem.Text);
        Volatile.Write(ref _problem, problem);
        _probe.Change(ProbeAfter, Timeout.InfiniteTimeSpan);
    }

    void Succeed()
    {
        if (_problem is not null)
            Log.TakingAgain(_context.Log);
        _neededBytes = 0;
        Volatile.Write(ref _problem, null);
        Volatile.Write(ref _refusedBytes, 0);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The spool takes no records: {Problem}")]
        public static partial void Refusing(ILogger log, string problem);

        [LoggerMessage(LogLevel.Information, "The spool takes records again")]
        public static partial void TakingAgain(ILogger log);
    }
}
