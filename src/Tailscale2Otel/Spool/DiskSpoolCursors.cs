using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>
/// Moves go to the file one write at a time; those that come meanwhile share the next. What the properties say is on disk,
/// so that nothing is deleted on the word of a cursor that a crash would take back.
/// </summary>
sealed partial class DiskSpoolCursors(CursorFile file, CursorState state, SegmentTable table, SpoolContext context) : SpoolCursors, IDisposable
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly CancellationTokenSource _closing = new();
    CursorState _saved = state;
    CursorState _wanted = state;
    TaskCompletionSource? _next;
    Task _work = Task.CompletedTask;

    public override SpoolPosition Delivered => new(Saved.Delivered);

    public override SpoolPosition Counted => new(Saved.Counted);

    public override SpoolPosition Keyed => new(Saved.Keyed);

    public long Lowest => Saved.Lowest;

    /// <summary>Why the last write failed; empty when it did not.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The moves under way, also those that nobody waits for.</summary>
    public Task Work
    {
        get
        {
            lock (_gate)
                return _work;
        }
    }

    CursorState Saved
    {
        get
        {
            lock (_gate)
                return _saved;
        }
    }

    public override ValueTask DeliverAsync(SpoolPosition position, CancellationToken cancellation) =>
        MoveAsync(position, static (s, p) => s with { Delivered = Math.Max(s.Delivered, p) }, cancellation);

    public override ValueTask CountAsync(SpoolPosition position, CancellationToken cancellation) =>
        MoveAsync(position, static (s, p) => s with { Counted = Math.Max(s.Counted, p) }, cancellation);

    public override ValueTask KeyAsync(SpoolPosition position, CancellationToken cancellation) =>
        // The window's files may know of positions that a loss of power took from the spool.
        MoveAsync(new SpoolPosition(Math.Min(position.Value, table.End)), static (s, p) => s with { Keyed = Math.Max(s.Keyed, p) }, cancellation);

    /// <summary>Notes that there is a segment from here on. Nobody waits for it.</summary>
    public void Begin(long segment) =>
        _ = MoveAsync(new SpoolPosition(segment), static (s, p) => s with { Newest = Math.Max(s.Newest, p) }, CancellationToken.None).AsTask();

    /// <summary>Ends the moves under way and notes that the spool was closed in order.</summary>
    public async ValueTask CloseAsync(long? cleanEnd)
    {
        var work = Work;
        // A write that fails is not tried again from here on.
        await _closing.CancelAsync();
        await work;
        try
        {
            if (cleanEnd is { } end)
                file.Save(Saved with { CleanEnd = end });
        }
        catch (IOException e)
        {
            Log.NotSaved(context.Log, e.Message);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        _closing.Dispose();
    }

    ValueTask MoveAsync(SpoolPosition position, Func<CursorState, long, CursorState> move, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Value, table.End, nameof(position));
        lock (_gate)
        {
            if (move(_saved, position.Value) == _saved)
                return ValueTask.CompletedTask;

            _wanted = move(_wanted, position.Value);
            if (_next is null)
            {
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_work.IsCompleted)
                    _work = Task.Run(SaveAllAsync, CancellationToken.None);
            }

            return new ValueTask(_next.Task.WaitAsync(cancellation));
        }
    }

    async Task SaveAllAsync()
    {
        while (true)
        {
            TaskCompletionSource round;
            CursorState state;
            lock (_gate)
            {
                if (_next is null)
                {
                    _work = Task.CompletedTask;
                    return;
                }

                (round, state) = (_next, _wanted);
                _next = null;
            }

            if (!await TrySaveAsync(state))
            {
                round.TrySetCanceled(CancellationToken.None);
                continue;
            }

            lock (_gate)
            {
                context.Metrics.Delivered(table.BytesFrom(_saved.Delivered) - table.BytesFrom(state.Delivered));
                _saved = state;
            }

            round.SetResult();
        }
    }

    /// <summary>Tries until it is done; false when the spool closes first.</summary>
    async ValueTask<bool> TrySaveAsync(CursorState state)
    {
        while (true)
        {
            try
            {
                file.Save(state);
                Problem = "";
                return true;
            }
            catch (IOException e)
            {
                if (Problem.Length == 0)
                    Log.NotSaved(context.Log, e.Message);
                Problem = e.Message;
                file.Reopen();
            }

            try
            {
                await Task.Delay(RetryDelay, context.Time, _closing.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The spool's cursors cannot be written, delivery waits until they can: {Error}")]
        public static partial void NotSaved(ILogger log, string error);
    }
}
