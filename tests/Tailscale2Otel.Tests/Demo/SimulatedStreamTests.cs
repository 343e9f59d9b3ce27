using Tailscale2Otel.Demo;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class SimulatedStreamTests
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    [TestCase(10, 20, TestName = "A_slow_stream_is_posted_every_two_seconds")]
    [TestCase(100, 76, TestName = "A_faster_one_when_a_batch_is_full")]
    [TestCase(1_000_000, SimulatedStream.LargestBatch, TestName = "What_is_behind_is_caught_up_in_batches_of_bounded_size")]
    public async Task The_first_batch_has(double rate, int records)
    {
        await using var receiver = new CountingReceiver();
        await receiver.StartAsync();
        using var http = new HttpClient();
        using var stop = new CancellationTokenSource();
        var time = new ManualTime();
        var stream = new SimulatedStream(
            new SimulatedTailnet(5, seed: 1),
            new StreamPublisher(http, receiver.Url, new Secret("t"), time),
            rate,
            [StreamEncoding.Identity],
            time);

        var running = stream.RunAsync(stop.Token, CancellationToken.None);
        for (var left = Environment.TickCount64 + 10_000; receiver.Requests.Count == 0 && Environment.TickCount64 < left;)
        {
            // A timer waits when the stream has nothing to send at this moment.
            if (time.ActiveTimers > 0)
                time.Advance(Tick);
            else
                await Task.Yield();
        }

        await stop.CancelAsync();
        await running;

        Assert.That(receiver.Requests[0].Events, Has.Length.EqualTo(records));
    }
}
