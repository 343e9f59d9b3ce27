namespace Tailscale2Otel.Tests.Faults;

/// <summary>One process at a time uses a spool directory.</summary>
public sealed class SpoolOwnerTests
{
    [Test]
    public async Task A_second_process_is_refused_and_the_first_goes_on()
    {
        await using var harness = await FaultHarness.StartAsync();
        await harness.StartDaemonAsync();
        await using var first = harness.Daemon;

        await using var second = harness.Launch();
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(second.Output, Does.Contain("in use by another process").And.Contain(Path.Combine(harness.Folder, "spool")));

        harness.Load.Target = first.Hec;
        await harness.Load.PostAsync(10);
        await harness.WaitForArrivedAsync(harness.Load.Sent.AcknowledgedCount);
        await first.KillAsync();
        await harness.EndAsync(lifetime: 1);

        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(10);
        await harness.FinishAsync();
    }
}
