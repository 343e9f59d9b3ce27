using System.Runtime.InteropServices;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>SIGTERM, under load and while the backend hangs, and the second signal.</summary>
public sealed class StopTests
{
    const int Seed = 20260808;
    const int Rounds = 12;
    const int Senders = 2;

    /// <summary>So that only the second signal can explain an end.</summary>
    static readonly Dictionary<string, string> LongGrace = new() { ["SHUTDOWN__DELIVERY_GRACE"] = "10m" };

    static readonly Dictionary<string, string> ShortGrace = new() { ["SHUTDOWN__DELIVERY_GRACE"] = "1s", ["SHUTDOWN__FLUSH_GRACE"] = "1s" };

    [Test]
    public async Task Sigterm_under_load_loses_nothing_and_repeats_nothing()
    {
        await using var harness = await FaultHarness.StartAsync(LongGrace);
        var random = FaultHarness.Random(Seed);
        using var enough = new CancellationTokenSource();
        var sending = harness.Load.RunAsync(Senders, enough.Token);

        for (var round = 0; round < Rounds; round++)
        {
            await harness.StartDaemonAsync();
            var target = harness.Delivery.Arrived + random.Next(1, 1500);
            await harness.WaitForArrivedAsync(target);
            await harness.StopAsync();
        }

        await harness.StartDaemonAsync();
        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
    }

    [Test]
    public async Task Sigterm_while_the_backend_hangs_ends_within_the_grace_period()
    {
        await using var harness = await FaultHarness.StartAsync(ShortGrace);
        await HangAsync(harness);

        await harness.StopAsync();

        harness.Backend.Decide = _ => OtlpAnswer.Ok;
        await harness.StartDaemonAsync();
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
    }

    [TestCase(PosixSignal.SIGTERM, PosixSignal.SIGTERM)]
    [TestCase(PosixSignal.SIGTERM, PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGINT, PosixSignal.SIGINT)]
    public async Task A_second_signal_ends_at_once_and_loses_nothing(PosixSignal first, PosixSignal second)
    {
        await using var harness = await FaultHarness.StartAsync(LongGrace);
        await HangAsync(harness);

        harness.Daemon.Signal(first);
        await harness.Daemon.WaitForOutputAsync("Stopping");
        harness.Daemon.Signal(second);

        Assert.That(await harness.Daemon.ExitAsync(), Is.Not.Zero);
        Assert.That(harness.Daemon.Output, Does.Not.Contain("Stopped"));
        await harness.EndAsync();
        harness.Backend.Decide = _ => OtlpAnswer.Ok;
        await harness.StartDaemonAsync();
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
    }

    /// <summary>Until the backend has requests that it neither keeps nor answers, and there is more where they came from.</summary>
    static async Task HangAsync(FaultHarness harness)
    {
        var hanging = 0;
        harness.Backend.Decide = request =>
        {
            hanging += request.Logs is null ? 0 : 1;
            return OtlpAnswer.Hang;
        };
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(50);
        await harness.WaitAsync(() => hanging >= FaultHarness.MaxInFlight, () => $"{hanging} requests");
    }
}
