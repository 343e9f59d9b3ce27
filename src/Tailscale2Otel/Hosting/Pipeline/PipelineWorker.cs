using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Runs grinder, delivery and metric loop, and stops them in the order of the flow: no more grinding, the batches under way,
/// the last metrics, the deduplication window. What does not fit into the grace period stays in the spool.
/// </summary>
sealed class PipelineWorker(Grinder grinder, Delivery delivery, MetricLoop metrics, ISpool spool, ShutdownOptions shutdown, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = stoppingToken.Register(() => abandon.CancelAfter(shutdown.DeliveryGrace));
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);

        var grinding = Task.Run(() => grinder.RunAsync(broken.Token, abandon.Token), CancellationToken.None);
        var delivering = Task.Run(() => delivery.RunAsync(abandon.Token), CancellationToken.None);
        var exporting = Task.Run(() => metrics.RunAsync(broken.Token), CancellationToken.None);

        var first = await Task.WhenAny(grinding, delivering, exporting);
        if (!stoppingToken.IsCancellationRequested)
        {
            await broken.CancelAsync();
            await abandon.CancelAsync();
            await ThrowAsync(first);
        }

        await FinishAsync(grinding, delivering, exporting, abandon.Token);
    }

    /// <summary>A cancellation that nobody asked for is a fault too; the host would take it for an orderly end.</summary>
    static async Task ThrowAsync(Task ended)
    {
        const string message = "A part of the pipeline ended by itself.";
        try
        {
            await ended;
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException(message, e);
        }

        throw new InvalidOperationException(message);
    }

    async Task FinishAsync(Task grinding, Task delivering, Task exporting, CancellationToken abandon)
    {
        try
        {
            await grinding;
            delivery.Complete();
            await delivering;
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
        }

        await exporting;
        using var last = new CancellationTokenSource(shutdown.FlushGrace, time);
        try
        {
            await metrics.ExportAsync(last.Token);
            await spool.Cursors.KeyAsync(grinder.SealWindow(all: true), last.Token);
        }
        catch (OperationCanceledException) when (last.IsCancellationRequested)
        {
        }
    }
}
