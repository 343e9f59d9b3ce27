using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// The one ticker: runs a poller soon after the start and then at its interval, one run after the other, and survives everything
/// that a run does. A loop for each poller, so that one that hangs holds up no other.
/// </summary>
/// <param name="jitter">Numbers from 0 to below 1; null is random.</param>
sealed class PollLoop(IPoller poller, ScrapeMetrics metrics, Health health, TimeProvider time, ILogger<PollLoop> logger, Func<double>? jitter = null)
{
    readonly PollPace _pace = new(poller.Interval, jitter ?? Random.Shared.NextDouble);
    readonly PollReport _report = new(poller.Tailnet.Length == 0 ? poller.Collector : $"{poller.Collector} {poller.Tailnet}", health, time, logger);
    readonly ScrapeState _state = metrics.Add(poller);

    /// <summary>Ends with the token, quietly.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(_pace.Stagger(), time, stop);
            while (true)
                await Task.Delay(await RunOnceAsync(stop), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Returns how long to wait for the next.</summary>
    async Task<TimeSpan> RunOnceAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        PollResult result;
        Exception? thrown = null;
        try
        {
            result = await poller.PollAsync(stop);
        }
        catch (Exception e) when (!(e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // One bad run must end neither this poller nor the others.
            thrown = e;
            result = PollResult.Failed(new PollFailure(PollFailure.Panic, $"the run ended in a mistake of this program ({e.GetType().Name}); the log has the details"));
        }

        stop.ThrowIfCancellationRequested();
        var elapsed = time.GetElapsedTime(started);
        var wait = _pace.Next(result, elapsed);
        _state.Ended(elapsed, result.Failure?.ErrorType);
        if (result.Failure is { } failure)
            _report.Failed(failure, wait, thrown);
        else
            _report.Succeeded();
        return wait;
    }
}
