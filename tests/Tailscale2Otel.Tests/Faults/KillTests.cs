namespace Tailscale2Otel.Tests.Faults;

/// <summary><c>kill -9</c> at random moments, under load.</summary>
public sealed class KillTests
{
    const int Rounds = 5;
    const int Senders = 3;

    [Test]
    public async Task Loses_nothing_and_repeats_only_what_was_in_flight()
    {
        await using var harness = await FaultHarness.StartAsync();
        var random = FaultHarness.Random(20260727);
        using var enough = new CancellationTokenSource();
        var sending = harness.Load.RunAsync(Senders, enough.Token);

        for (var round = 0; round < Rounds; round++)
        {
            await harness.StartDaemonAsync();
            var target = harness.Delivery.Arrived + random.Next(100, 3000);
            await harness.Backend.WaitUntilAsync(() => harness.Delivery.Arrived >= target, () => $"{harness.Delivery.Arrived} of {target}", TimeSpan.FromMinutes(1));
            await harness.KillAsync();
        }

        await harness.StartDaemonAsync();
        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
    }
}
