using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// The newest cursor of each poller. They are true in the spool, in the same append as the data; a small file beside it holds
/// them too, so that a start need not read the whole spool and so that they outlive the spool's retention.
/// </summary>
/// <param name="isOneTailnet">Whether one tailnet is polled, so that a cursor without a name is its own.</param>
sealed partial class PollCursors(ISpool spool, string directory, bool isOneTailnet, PollMetrics metrics, TimeProvider time, ILogger<PollCursors> log) : IDisposable
{
    /// <summary>How much the next start reads at most, while the disk takes the file.</summary>
    public const long LongestScan = 64 * 1024 * 1024;

    /// <summary>How old what a spool loses with its end is at most: a kernel writes back within half a minute, and a slow disk may take its time.</summary>
    public static readonly TimeSpan LongestLoss = TimeSpan.FromHours(1);

    static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    readonly PollCursorFile _file = new(directory);
    readonly SemaphoreSlim _gate = new(1);
    readonly Dictionary<PollKey, PollCursor> _cursors = [];

    /// <summary>Of the spool as it was found: what receivers append later may hide that the last run's end is gone.</summary>
    readonly SpoolPosition _found = spool.End;
    SpoolPosition _saved;
    bool _isFailing;

    /// <summary>
    /// Reads the file and the spool behind it; the whole spool when the file is missing or not sound, which takes its time and is
    /// why pollers wait for this and receivers do not.
    /// </summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var (end, from) = (_found, spool.Oldest);
        var file = Load();
        Dictionary<PollKey, PollCursor> kept = [];
        if (file is { } sound)
        {
            kept = sound.Cursors;
            // Behind the spool's end: its last records are lost (a loss of power with spool.sync other than always), and with them
            // may be what the file says was fetched. The cursors that are still in the spool are those of what is there.
            if (sound.Position > end)
            {
                Log.LostEnd(log);
                // Of a cursor that is in the file alone it is unknown how much of what it promises is lost.
                kept = kept.ToDictionary(c => c.Key, c => new PollCursor(c.Value.Time - LongestLoss, c.Value.Settled - LongestLoss));
            }
            else if (sound.Position > from)
                from = sound.Position;
        }

        var started = time.GetTimestamp();
        var found = await Task.Run(() => ScanAsync(from, end, cancellation), cancellation);
        foreach (var (key, cursor) in kept)
            _cursors[key] = cursor;
        foreach (var (key, cursor) in found)
            _cursors[key] = cursor;
        if (end.Value - from.Value > LongestScan)
            Log.Scanned(log, end.Value - from.Value, time.GetElapsedTime(started));
        _saved = from;
        if (end != from || file is null)
            Save(end);
    }

    /// <summary>The newest; null when nothing was fetched yet. The only tailnet, when it has just got its name, goes on from where it was without.</summary>
    public PollCursor? Find(PollKey key)
    {
        lock (_cursors)
        {
            if (_cursors.TryGetValue(key, out var own))
                return own;
            if (!isOneTailnet)
                return null;
            // Under the new name nothing would be recognised, so that nothing is asked for a second time.
            return _cursors.TryGetValue(key with { Tailnet = "" }, out var nameless) ? nameless with { Settled = nameless.Time } : null;
        }
    }

    /// <summary>Appends through <paramref name="append"/>, and takes the cursor over when it is durable.</summary>
    /// <param name="append">Appends a batch whose last frame is this cursor.</param>
    public async Task<IntakeResult> MoveAsync(PollKey key, PollCursor cursor, Func<ValueTask<IntakeResult>> append)
    {
        // One at a time: the file must not name a position behind a cursor that it does not hold.
        await _gate.WaitAsync();
        try
        {
            var result = await append();
            if (result.Outcome != IntakeOutcome.Kept)
                return result;

            lock (_cursors)
            {
                _cursors[key] = cursor;
                // Who has a name has inherited, and nobody else shall.
                if (key.Tailnet.Length > 0)
                    _cursors.Remove(key with { Tailnet = "" });
            }

            Save(result.End);
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps the next start short while other receivers fill the spool. Ends with the token.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stop))
            await FollowOnceAsync(stop);
    }

    public async Task FollowOnceAsync(CancellationToken stop)
    {
        if (spool.End.Value - _saved.Value <= LongestScan)
            return;

        await _gate.WaitAsync(stop);
        try
        {
            Save(spool.End);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    (SpoolPosition Position, Dictionary<PollKey, PollCursor> Cursors)? Load()
    {
        try
        {
            var found = _file.Load(out var isDamaged);
            if (isDamaged)
                Log.IsDamaged(log, PollCursorFile.Name);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(log, PollCursorFile.Name, e.Message);
            return null;
        }
    }

    async Task<Dictionary<PollKey, PollCursor>> ScanAsync(SpoolPosition from, SpoolPosition end, CancellationToken cancellation)
    {
        Dictionary<PollKey, PollCursor> found = [];
        using var reader = spool.Read(from);
        while (reader.Position < end)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryTake(reader, found) && reader.Position < end)
                await reader.WaitAsync(cancellation);
        }

        return found;
    }

    static bool TryTake(SpoolReader reader, Dictionary<PollKey, PollCursor> found)
    {
        if (!reader.TryRead(out var record))
            return false;
        // The last one in the spool counts, also when its time is before that of another.
        if (record is { Signal: RecordSignal.Cursor, Source: RecordSource.Poll } && PollCursor.TryRead(record.Payload, out var collector, out var cursor))
            found[new PollKey(record.Tailnet, collector)] = cursor;
        return true;
    }

    /// <summary>Does not throw: without the file the next start reads more of the spool.</summary>
    void Save(SpoolPosition position)
    {
        try
        {
            lock (_cursors)
                _file.Save(position, _cursors);
            _saved = position;
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET reports a file over the process's size limit (EFBIG) as a bad argument.
            metrics.NotSaved();
            if (!_isFailing)
                Log.NotSaved(log, PollCursorFile.Name, e.Message);
            _isFailing = true;
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The file {Name} is damaged; the cursors of the pollers are looked for in the whole spool")]
        public static partial void IsDamaged(ILogger log, string name);

        [LoggerMessage(LogLevel.Error, "The file {Name} cannot be read, so that the cursors of the pollers are looked for in the whole spool: {Error}")]
        public static partial void Unreadable(ILogger log, string name, string error);

        [LoggerMessage(LogLevel.Error, "The file {Name} cannot be written; cursors of pollers are in the spool alone, and a start has to look for them there: {Error}")]
        public static partial void NotSaved(ILogger log, string name, string error);

        [LoggerMessage(LogLevel.Warning, "The spool has lost its end, and what was polled last may have been there; it is asked for again from the last cursor that the spool still has, or from an hour before the last one known")]
        public static partial void LostEnd(ILogger log);

        [LoggerMessage(LogLevel.Information, "Looked through {Bytes} bytes of the spool for the cursors of pollers in {Time}")]
        public static partial void Scanned(ILogger log, long bytes, TimeSpan time);
    }
}
