using System.Threading.Channels;
using Tailscale2Otel.Export;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Several batches under way, one order: the cursor follows the oldest, and a place in flight is free again only when its batch
/// is behind a durable cursor. So what a crash can make the backend see twice is at most the batches in flight.
/// </summary>
sealed class Delivery : IDisposable
{
    readonly ILogExporter _exporter;
    readonly ISpool _spool;
    readonly DeadLetterOffice _deadLetters;
    readonly PipelineCounts _counts;
    readonly SemaphoreSlim _places;
    readonly Channel<(PendingBatch Batch, Task<DeliveryResult> Answer)> _order = Channel.CreateUnbounded<(PendingBatch, Task<DeliveryResult>)>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public Delivery(ILogExporter exporter, ISpool spool, DeadLetterOffice deadLetters, PipelineCounts counts, DeliveryOptions options)
    {
        _exporter = exporter;
        _spool = spool;
        _deadLetters = deadLetters;
        _counts = counts;
        _places = new SemaphoreSlim(options.MaxInFlight);
    }

    public LogBatch Rent() => _exporter.Rent();

    /// <summary>Sends a closed batch as soon as a place is free. Takes ownership of it.</summary>
    /// <param name="stop">Gives up waiting for a place; the batch is then disposed and stays in the spool.</param>
    /// <param name="abandon">Ends the delivery itself, after the grace period.</param>
    public async Task SendAsync(PendingBatch batch, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            await _places.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            batch.Dispose();
            throw;
        }

        var answer = batch.Logs.Count == 0
            ? Task.FromResult(default(DeliveryResult))
            : _exporter.DeliverAsync(batch.Logs, refused => _deadLetters.RefusedAsync(batch, refused, abandon), abandon);
        _order.Writer.TryWrite((batch, answer));
    }

    /// <summary>No more batches will come; <see cref="RunAsync"/> ends when those under way are done.</summary>
    public void Complete() => _order.Writer.TryComplete();

    /// <summary>Moves the cursor in order until <see cref="Complete"/>, or throws when a delivery was abandoned.</summary>
    public async Task RunAsync(CancellationToken abandon)
    {
        while (await _order.Reader.WaitToReadAsync(abandon))
        {
            var places = 0;
            PendingBatch? last = null;
            try
            {
                while ((last is null || NextIsDone()) && _order.Reader.TryRead(out var next))
                {
                    last?.Dispose();
                    last = next.Batch;
                    var result = await next.Answer;
                    _counts.Add(last, last.RefusedRecords, result.Accepted);
                    places++;
                }

                await _deadLetters.FlushAsync(abandon);
                await _spool.Cursors.DeliverAsync(last!.End, abandon);
                if (last.Keyed > _spool.Cursors.Keyed)
                    await _spool.Cursors.KeyAsync(last.Keyed, abandon);
            }
            finally
            {
                last?.Dispose();
            }

            _places.Release(places);
        }
    }

    public void Dispose() => _places.Dispose();

    bool NextIsDone() => _order.Reader.TryPeek(out var next) && next.Answer.IsCompletedSuccessfully;
}
