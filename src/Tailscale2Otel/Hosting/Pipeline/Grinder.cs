using Tailscale2Otel.Export;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>The one ordered reader of the spool: records in, closed batches out.</summary>
sealed class Grinder
{
    /// <summary>Records between two looks at the clock and two chances for a metric collection.</summary>
    const int Slice = 256;

    readonly Lock _gate = new();
    readonly ISpool _spool;
    readonly TailnetSet _tailnets;
    readonly RecordGuard _guard;
    readonly Delivery _delivery;
    readonly DeadLetterOffice _deadLetters;
    readonly BatchLimits _limits;
    readonly SpoolPosition _deliverFrom;
    readonly SpoolPosition _countFrom;
    SpoolPosition _position;
    PendingBatch? _batch;

    public Grinder(ISpool spool, TailnetSet tailnets, RecordGuard guard, Delivery delivery, DeadLetterOffice deadLetters, BatchLimits limits)
    {
        _spool = spool;
        _tailnets = tailnets;
        _guard = guard;
        _delivery = delivery;
        _deadLetters = deadLetters;
        _limits = limits;
        _deliverFrom = spool.Cursors.Delivered;
        _countFrom = spool.Cursors.Counted;
        _position = Lowest(_deliverFrom, _countFrom, tailnets.LearnFrom(spool.Cursors.Keyed));
    }

    /// <summary>What the first record waits for; null waits for nothing.</summary>
    public FirstDevices? FirstDevices { get; init; }

    /// <summary>Behind the last record ground. Any thread.</summary>
    public SpoolPosition Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    /// <summary>Fixes what the record-derived instruments report, and says which records are in it: those before the position.</summary>
    public SpoolPosition Freeze()
    {
        lock (_gate)
        {
            _tailnets.Freeze();
            return _position;
        }
    }

    /// <summary>How far the files of all deduplication windows reach, after writing the keys that have waited long enough.</summary>
    public SpoolPosition SealWindow(bool all)
    {
        lock (_gate)
        {
            if (all)
                _tailnets.Seal();
            else
                _tailnets.SealIfDue(_limits.UnixNanoseconds);
            return _tailnets.KeyedUpTo(_position);
        }
    }

    /// <summary>Grinds until stopped, then hands over what it has. Throws only for a bug.</summary>
    /// <param name="abandon">Ends deliveries; later than <paramref name="stop"/> by the grace period.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        using var reader = _spool.Read(_position);
        try
        {
            if (FirstDevices is not null)
                await FirstDevices.WaitAsync(stop);
            while (!stop.IsCancellationRequested)
            {
                var more = GrindSlice(reader);
                await _deadLetters.SettleAsync(stop);
                if (_batch is not null && (_limits.IsFull(_batch) || _limits.IsDue(_batch)))
                    await SendAsync(stop, abandon);
                else if (!more)
                    await WaitAsync(reader, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        if (_batch is not null && !_deadLetters.IsOwing)
            await SendAsync(abandon, abandon);
        _batch?.Dispose();
    }

    bool GrindSlice(SpoolReader reader)
    {
        lock (_gate)
        {
            for (var i = 0; i < Slice; i++)
            {
                if (!reader.TryRead(out var record))
                {
                    if (reader.Position > _position && _batch is not null)
                        _batch.Pass(reader.Position);
                    _position = reader.Position;
                    return false;
                }

                Grind(record);
                _position = record.Next;
                if (_deadLetters.IsOwing || (_batch is not null && _limits.IsFull(_batch)))
                    return true;
            }

            return true;
        }
    }

    void Grind(in RawRecord record)
    {
        var pass = (record.Position >= _deliverFrom ? RecordPass.Deliver : 0) | (record.Position >= _countFrom ? RecordPass.Count : 0);
        var deliver = (pass & RecordPass.Deliver) != 0;
        if (deliver)
            _batch ??= new PendingBatch(_delivery.Rent(), _limits.Now);

        var logs = _batch?.Logs ?? NoLogBatch.Instance;
        var result = _guard.Process(record, logs, logs, pass);
        if (result.Outcome == ProcessOutcome.DeadLetter && deliver)
            _deadLetters.Take(record, result.Reason);
        if (result.Outcome == ProcessOutcome.Duplicate && deliver)
            _tailnets.Hit(record, result);
        if (!deliver)
            return;

        if (record.Signal == RecordSignal.Cursor)
            _batch!.Pass(record.Next);
        else
            _batch!.Close(result.Outcome, record.Next);
    }

    async Task SendAsync(CancellationToken stop, CancellationToken abandon)
    {
        var batch = _batch!;
        _batch = null;
        batch.Keyed = _tailnets.KeyedUpTo(batch.End);
        await _delivery.SendAsync(batch, stop, abandon);
    }

    async Task WaitAsync(SpoolReader reader, CancellationToken stop)
    {
        if (_batch is null)
        {
            await reader.WaitAsync(stop);
            return;
        }

        using var due = _limits.CancelledWhenDue(_batch);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, due.Token);
        try
        {
            await reader.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    static SpoolPosition Lowest(SpoolPosition a, SpoolPosition b, SpoolPosition c) => new(Math.Min(a.Value, Math.Min(b.Value, c.Value)));
}
