using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>The spool in files of one directory, for one process.</summary>
sealed class DiskSpool : ISpool
{
    public const string LockName = "lock";

    static readonly TimeSpan LongestSweepPeriod = TimeSpan.FromMinutes(1);
    static readonly TimeSpan ShortestSweepPeriod = TimeSpan.FromSeconds(1);

    readonly SpoolContext _context;
    readonly SpoolDamage _damage;
    readonly SegmentTable _table;
    readonly DiskSpoolCursors _cursors;
    readonly AppendQueue _queue = new();
    readonly SpoolWriter _writer;
    readonly IDisposable _lock;
    readonly List<ITimer> _timers = [];
    int _disposed;

    DiskSpool(SpoolContext context, IDisposable held)
    {
        _context = context;
        _lock = held;
        _damage = new DamageCopies(context);
        var file = new CursorFile(context.Directory, context.Limits.FlushesBeforeAnswer);
        var saved = file.Load(out var hadCursors);
        if (file.HasLostSlot)
            _damage.ReportCursors("one of the two slots is damaged; what was delivered since the other was written is delivered again");
        var recovered = new SpoolRecovery(context, _damage).Run(saved, hadCursors);
        // From here on an end of the process is unclean until Dispose says otherwise; on the disk too, whatever spool.sync is,
        // since after a loss of power the last orderly end would let positions come again with other content.
        file.Save(recovered.Cursors, mustFlush: true);
        context.Directory.Flush();

        _table = recovered.Table;
        _cursors = new DiskSpoolCursors(file, recovered.Cursors, _table, context);
        _writer = new SpoolWriter(context, recovered, _cursors, _queue);
        _writer.Start();
        StartTimers();
        context.Metrics.Observe(_table, () => Backlog, OldestUndeliveredAge);
    }

    /// <summary>Where the spool lives, which is not always where the options say.</summary>
    public string Directory => _context.Directory.Path;

    public SpoolPosition Oldest => new(_table.Oldest);

    public SpoolPosition End => new(_table.End);

    public SpoolCursors Cursors => _cursors;

    public SpoolState State
    {
        get
        {
            if (_queue.IsClosed)
                return new SpoolState(AppendOutcome.Unavailable, "the spool is closing");
            if (_writer.Problem is { } problem)
                return new SpoolState(problem.Outcome, problem.Text);

            // What is more than the spool can ever take is the sender's fault, and others are not turned away for it.
            var refused = Math.Min(_writer.RefusedBytes, _context.Limits.MaxBytes / 2);
            var backlog = Backlog;
            return refused > 0 && backlog + refused > _context.Limits.MaxBytes
                ? new SpoolState(AppendOutcome.Full,
                    $"{backlog} bytes wait for {Holder()} and spool.max_bytes is {_context.Limits.MaxBytes}; see to the backend or raise the limit")
                : new SpoolState(AppendOutcome.Durable, "");
        }
    }

    string Holder() => _cursors.Delivered.Value <= _cursors.Lowest ? "delivery"
        : _cursors.Counted.Value <= _cursors.Lowest ? "the export of metrics (otlp.metrics.enabled: false where nobody takes them)"
        : "the deduplication window";

    long Backlog => _table.BytesFrom(_cursors.Lowest);

    /// <summary>Opens or creates the spool, repairs what a crash left, and starts its writer.</summary>
    /// <exception cref="SpoolException">The directory cannot be used, or another process uses it.</exception>
    public static DiskSpool Open(SpoolOptions options, TimeProvider time, Meter meter, ILogger log) =>
        Open(options, SpoolLocation.Open(options.Directory, Environment.GetEnvironmentVariable, log), time, meter, log);

    /// <inheritdoc cref="Open(SpoolOptions, TimeProvider, Meter, ILogger)"/>
    /// <param name="directory">In place of the options' own.</param>
    public static DiskSpool Open(SpoolOptions options, SpoolDirectory directory, TimeProvider time, Meter meter, ILogger log)
    {
        var held = directory.Lock(LockName);
        DiskSpool? opened = null;
        try
        {
            return opened = new DiskSpool(new SpoolContext(directory, new SpoolLimits(options), new SpoolMetrics(meter), time, log), held);
        }
        catch (IOException e)
        {
            throw new SpoolException($"The spool in {directory.Path} cannot be opened: {e.Message}", e);
        }
        finally
        {
            if (opened is null)
                held.Dispose();
        }
    }

    public async ValueTask<AppendResult> AppendAsync(SpoolAppend batch, CancellationToken cancellation)
    {
        if (batch.Count == 0)
            return new AppendResult(AppendOutcome.Durable, End);

        var outcome = _queue.TryAdd(batch, out var pending);
        if (pending is not null)
            return await pending.Task.WaitAsync(cancellation);

        _context.Metrics.Refused(outcome == AppendOutcome.Full ? SpoolProblem.Queue : SpoolProblem.Closing);
        return new AppendResult(outcome, default);
    }

    public SpoolReader Read(SpoolPosition from) => new DiskSpoolReader(_table, _context, _damage, from);

    /// <summary>Answers what waits, saves the cursors and notes that all is in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        foreach (var timer in _timers)
            await timer.DisposeAsync();
        _queue.Close();
        await _writer.Ended;
        _table.Close();
        await _cursors.CloseAsync(_writer.Problem?.Reason == SpoolProblem.DiskFailed ? null : _table.End);
        _cursors.Dispose();
        _lock.Dispose();
    }

    void StartTimers()
    {
        var retention = _context.Limits.Retention / 4;
        var period = retention > LongestSweepPeriod ? LongestSweepPeriod : retention < ShortestSweepPeriod ? ShortestSweepPeriod : retention;
        _timers.Add(_context.Time.CreateTimer(_ => _queue.Request(WriterWork.Retain), null, period, period));
        if (_context.Limits.Sync == SpoolSync.Interval)
            _timers.Add(_context.Time.CreateTimer(_ => _queue.Request(WriterWork.Flush), null, _context.Limits.SyncInterval, _context.Limits.SyncInterval));
    }

    /// <summary>Reads one header; where that is damaged the reader will say so, and until then the age is not known.</summary>
    double OldestUndeliveredAge()
    {
        var position = _cursors.Delivered.Value;
        var (_, segment) = _table.Find(position);
        if (segment is null)
            return 0;

        try
        {
            using var scanner = new FrameScanner(FrameHeader.Size);
            scanner.Open(_context.Directory.OpenRead(segment.Name), segment);
            return scanner.TryHeader(Math.Max(position, segment.Start), segment.End, out var header)
                ? Math.Max(0, (_context.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - (header.ReceivedAt / 1e9))
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
