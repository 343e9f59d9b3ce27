using System.Buffers;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo;

/// <summary>Lets the tailnet tell of what happens to it: a delivery of a few events at the start and every few seconds, the second of every three twice.</summary>
sealed class SimulatedWebhooks(WebhookBatchWriter batches, WebhookPublisher publisher, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>One delivery in this many is sent again, as Tailscale does when it lost the answer.</summary>
    const int RepeatShare = 3;

    /// <summary>Ends after <paramref name="stop"/> when the delivery under way has been answered.</summary>
    /// <param name="abort">Gives up on a receiver that does not answer.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        for (var delivery = 0; !stop.IsCancellationRequested; delivery++)
        {
            var now = time.GetUtcNow();
            var body = new ArrayBufferWriter<byte>(4096);
            var events = batches.Write(body, now);
            await publisher.SendAsync(body.WrittenMemory, events, now, repeated: false, abort);
            if (delivery % RepeatShare == 1)
                await publisher.SendAsync(body.WrittenMemory, events, now, repeated: true, abort);
            try
            {
                await Task.Delay(Pause, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
    }
}
