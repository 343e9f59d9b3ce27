using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Exports the metrics at their interval and moves the <c>counted</c> cursor to what a successful export carried; earlier
/// when much was ground since, because the spool keeps all of it until then. Without metrics the cursor follows the grinder,
/// since there is nothing to lose. Also moves <c>keyed</c> while no batch does, and seals the deduplication window early when
/// its unsealed keys are what the spool keeps much for: a small spool would stay full until the next generation otherwise.
/// </summary>
sealed class MetricLoop(Grinder grinder, ISpool spool, MetricExport? export, MetricPace pace, TimeProvider time)
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    long _exportedAt = time.GetTimestamp();

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace.Interval < Look ? pace.Interval : Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (time.GetElapsedTime(_exportedAt) >= pace.Interval || IsFarBehind(spool.Cursors.Counted) || IsFarBehind(spool.Cursors.Keyed))
                    await ExportAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public async Task ExportAsync(CancellationToken cancellation)
    {
        _exportedAt = time.GetTimestamp();
        var position = grinder.Freeze();
        if (export is null || await Task.Run(() => export.Collect(cancellation), cancellation))
            await spool.Cursors.CountAsync(position, cancellation);
        await spool.Cursors.KeyAsync(grinder.SealWindow(all: IsFarBehind(spool.Cursors.Keyed)), cancellation);
    }

    bool IsFarBehind(SpoolPosition cursor) => grinder.Position.Value - cursor.Value > pace.MaxUncountedBytes;
}
