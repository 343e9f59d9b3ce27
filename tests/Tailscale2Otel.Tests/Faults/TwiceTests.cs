using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A sender that posts every request twice.</summary>
public sealed class TwiceTests
{
    const int Seed = 20260807;
    const int Batches = 100;
    const int Senders = 2;
    const int Kills = 4;

    [TestCase(false)]
    [TestCase(true)]
    public async Task Nothing_is_doubled_and_each_saved_record_is_a_hit(bool atTheSameTime)
    {
        await using var harness = await FaultHarness.StartAsync(load: new FlowLoad { Copies = 2, AreCopiesConcurrent = atTheSameTime });
        var hits = harness.Count("tailscale2otel.dedup.hits");
        await harness.StartDaemonAsync();

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => harness.Load.PostAsync(Batches)));

        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
        Assert.That(hits.Total, Is.EqualTo(harness.Load.Sent.AcknowledgedCount));
    }

    [Test]
    public async Task Nothing_is_doubled_over_kills()
    {
        await using var harness = await FaultHarness.StartAsync(load: new FlowLoad { Copies = 2 });
        var random = FaultHarness.Random(Seed);
        using var enough = new CancellationTokenSource();
        await harness.StartDaemonAsync();
        var sending = harness.Load.RunAsync(Senders, enough.Token);

        for (var i = 0; i < Kills; i++)
        {
            var target = harness.Delivery.Arrived + random.Next(200, 1000);
            await harness.WaitForArrivedAsync(target);
            await harness.KillAsync();
            await harness.StartDaemonAsync();
        }

        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
    }
}
