using Tailscale2Otel.Export;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Exports the metrics at their interval and moves the <c>counted</c> cursor to what a successful export carried. Without
/// metrics the cursor follows the grinder, since there is nothing to lose.
/// </summary>
sealed class MetricLoop(Grinder grinder, ISpool spool, MetricExport? export, TimeSpan interval, TimeProvider time)
{
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await ExportAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public async Task ExportAsync(CancellationToken cancellation)
    {
        var position = grinder.Freeze();
        if (export is null || await Task.Run(() => export.Collect(cancellation), cancellation))
            await spool.Cursors.CountAsync(position, cancellation);
    }
}
