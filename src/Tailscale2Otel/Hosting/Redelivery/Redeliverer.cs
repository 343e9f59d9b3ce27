using Tailscale2Otel.Export;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>
/// Takes records the daemon's way once more (decode, deduplicate within the run, map, deliver until answered) and counts none of
/// them. Several batches are under way; results come in the order of the records. One caller's at a time: everything but the
/// deliveries happens inside its calls, so that memory is bounded by <c>delivery.max_in_flight</c> batches and the open one.
/// </summary>
sealed class Redeliverer : IAsyncDisposable
{
    readonly ILogExporter _exporter;
    readonly RecordGuard _guard;
    readonly Action<RedeliveredRecord> _settled;
    readonly TimeSpan _grace;
    readonly (int Records, int Bytes, int InFlight) _limits;
    readonly CancellationTokenSource _abandon;
    readonly ReplayedLogWriter _writer = new();
    readonly Queue<RedeliveryBatch> _underWay = [];
    RedeliveryBatch? _batch;
    long _added;
    bool _isDisposed;

    /// <param name="grace">How long the batches under way may take when the run is stopped.</param>
    /// <param name="settled">Called once for each record whose fate is known, from within the calls of this object.</param>
    public Redeliverer(
        ILogExporter exporter, RecordGuard guard, DeliveryOptions options, TimeSpan grace, TimeProvider time, Action<RedeliveredRecord> settled)
    {
        _exporter = exporter;
        _guard = guard;
        _settled = settled;
        _grace = grace;
        _limits = (options.MaxBatchRecords, options.MaxBatchBytes, options.MaxInFlight);
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>
    /// Every record added before this position is settled; behind it, results of single batches may still have come. Null
    /// until the first is.
    /// </summary>
    public SpoolPosition? SettledTo { get; private set; }

    /// <summary>
    /// Takes a record; its memory is free when the call returns, whether or not the task has ended. The task waits for room.
    /// </summary>
    /// <exception cref="OperationCanceledException">Stopped while waiting: nothing more may be added, <see cref="CompleteAsync"/> ends the run.</exception>
    public ValueTask AddAsync(in RawRecord record, CancellationToken stop)
    {
        _batch ??= new RedeliveryBatch(_exporter.Rent(), _added);
        _writer.Turn(_batch.Logs, _added++);
        var before = _batch.Logs.Count;
        var result = _guard.Process(record, _writer, _batch.Logs, RecordPass.Deliver);
        _batch.Add(record, result, _batch.Logs.Count - before);
        return IsFull(_batch) ? SendAsync(stop) : ValueTask.CompletedTask;
    }

    /// <summary>
    /// Ends the run: sends what is open and waits for every answer. When stopped, what is not yet sent is left, and what is under
    /// way has the grace period.
    /// </summary>
    /// <returns>True when every record that was added is settled.</returns>
    public async Task<bool> CompleteAsync(CancellationToken stop)
    {
        await using var grace = stop.Register(() => _abandon.CancelAfter(_grace));
        try
        {
            if (_batch is not null && !stop.IsCancellationRequested)
                await SendAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        var isWhole = true;
        while (_underWay.TryPeek(out var batch))
        {
            try
            {
                Settle(batch, await batch.Answer, isWhole);
            }
            catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
            {
                // What the backend took of it is not known. Later batches may have been answered all the same.
                isWhole = false;
            }

            _underWay.Dequeue().Dispose();
        }

        return isWhole && _batch is null;
    }

    /// <summary>Gives up what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        await _abandon.CancelAsync();
        while (_underWay.TryDequeue(out var batch))
        {
            // The exporter works on the batch's memory until its task has ended.
            await ((Task)batch.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            batch.Dispose();
        }

        _batch?.Dispose();
        _batch = null;
        _abandon.Dispose();
    }

    /// <summary>Records count too, so that a stretch of duplicates is settled as well.</summary>
    bool IsFull(RedeliveryBatch batch) => batch.Logs.Count >= _limits.Records || batch.Logs.Bytes >= _limits.Bytes || batch.Records >= _limits.Records;

    async ValueTask SendAsync(CancellationToken stop)
    {
        while (_underWay.TryPeek(out var oldest) && (_underWay.Count >= _limits.InFlight || oldest.Answer.IsCompleted))
        {
            Settle(oldest, await oldest.Answer.WaitAsync(stop), true);
            _underWay.Dequeue().Dispose();
        }

        _batch!.Send(_exporter, _abandon.Token);
        _underWay.Enqueue(_batch);
        _batch = null;
    }

    void Settle(RedeliveryBatch batch, DeliveryResult answer, bool isInOrder)
    {
        foreach (var record in batch.Close(answer))
        {
            _settled(record);
            if (isInOrder)
                SettledTo = record.Next;
        }
    }
}
