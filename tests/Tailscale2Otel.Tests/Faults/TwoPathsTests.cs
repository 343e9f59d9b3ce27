using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>The same records by two paths at once, in different order and form, while the daemon ends and starts again.</summary>
public sealed class TwoPathsTests
{
    const int Seed = 20260806;
    const int Records = 10_000;
    const int BatchRecords = 40;
    const int Restarts = 6;

    static readonly Dictionary<string, Func<HecSender, RecordPath>> Paths = new()
    {
        ["stream"] = RecordPath.Stream,
        ["array"] = RecordPath.Array,
        ["lines"] = RecordPath.Lines,
    };

    [TestCase("stream", "array")]
    [TestCase("stream", "lines")]
    public async Task What_comes_by_both_is_delivered_and_counted_once(string first, string second)
    {
        await using var harness = await FaultHarness.StartAsync();
        var random = FaultHarness.Random(Seed);
        await harness.StartDaemonAsync();
        harness.Load.Sent.Post(Enumerable.Range(0, Records));
        var bringing = Task.WhenAll(
            BringAsync(harness.Load, Paths[first](harness.Load.Sender), random.Next()),
            BringAsync(harness.Load, Paths[second](harness.Load.Sender), random.Next()));

        for (var i = 1; i <= Restarts; i++)
        {
            var target = (Records * i / (Restarts + 1)) - random.Next(Records / (Restarts + 1) / 2);
            await harness.WaitForArrivedAsync(target);
            if (i % 2 == 0)
                await harness.StopAsync();
            else
                await harness.KillAsync();
            await harness.StartDaemonAsync();
        }

        await bringing;
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Arrived, Is.EqualTo(Records));
    }

    static async Task BringAsync(FlowLoad load, RecordPath path, int seed)
    {
        var order = Enumerable.Range(0, Records).ToArray();
        new Random(seed).Shuffle(order);
        foreach (var batch in order.Chunk(BatchRecords))
        {
            await path.BringAsync(batch, CancellationToken.None);
            load.Sent.Acknowledge(batch);
        }

        TestContext.Out.WriteLine($"{path.Name}: {Records} acknowledged");
    }
}
