using System.Runtime.InteropServices;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary><c>kill -9</c> under load, with metrics exported every second.</summary>
public sealed class KillTests
{
    const int Seed = 20260727;
    const int Rounds = 42;
    const int Senders = 2;
    const int BacklogRecords = 1000;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Loses_nothing_and_repeats_only_what_was_in_flight()
    {
        await using var harness = await FaultHarness.StartAsync();
        var random = FaultHarness.Random(Seed);
        using var enough = new CancellationTokenSource();
        var sending = harness.Load.RunAsync(Senders, enough.Token);

        foreach (var moment in Moments(random))
        {
            await RunToAsync(harness, moment, random);
            await harness.KillAsync();
            harness.Backend.Decide = _ => OtlpAnswer.Ok;
            harness.Kept = _ => { };
        }

        await harness.StartDaemonAsync();
        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
        TestContext.Out.WriteLine($"{Rounds} rounds");
    }

    /// <summary>Each moment equally often, in random order.</summary>
    static KillMoment[] Moments(Random random)
    {
        var all = Enum.GetValues<KillMoment>();
        var moments = Enumerable.Range(0, Rounds).Select(i => all[i % all.Length]).ToArray();
        random.Shuffle(moments);
        return moments;
    }

    static async Task RunToAsync(FaultHarness harness, KillMoment moment, Random random)
    {
        var daemon = harness.Launch();
        if (moment == KillMoment.AtStart)
        {
            await Task.Delay(random.Next(800));
            return;
        }

        await daemon.WaitUntilReadyAsync();
        switch (moment)
        {
            case KillMoment.LogsKept:
                await KillWhenKeptAsync(harness, daemon, isLogs: true, random.Next(1, 12));
                break;
            case KillMoment.MetricsKept:
                await KillWhenKeptAsync(harness, daemon, isLogs: false, random.Next(1, 3));
                break;
            case KillMoment.MetricsSent:
                await KillWhenSentAsync(harness, daemon);
                break;
            case KillMoment.Backlog:
                await FillBacklogAsync(harness);
                break;
            case KillMoment.Stopping:
                daemon.Signal(PosixSignal.SIGTERM);
                await Task.Delay(random.Next(100));
                break;
            default:
                await Task.Delay(random.Next(1200));
                break;
        }
    }

    static async Task KillWhenKeptAsync(FaultHarness harness, DaemonProcess daemon, bool isLogs, int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Kept = request =>
        {
            if (request.Logs is not null != isLogs || --count != 0)
                return;
            daemon.KillNow();
            reached.SetResult();
        };
        await reached.Task.WaitAsync(Limit);
    }

    static async Task KillWhenSentAsync(FaultHarness harness, DaemonProcess daemon)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Backend.Decide = request =>
        {
            if (request.Logs is not null)
                return OtlpAnswer.Ok;
            daemon.KillNow();
            reached.TrySetResult();
            return OtlpAnswer.Reset;
        };
        await reached.Task.WaitAsync(Limit);
    }

    static async Task FillBacklogAsync(FaultHarness harness)
    {
        harness.Backend.Decide = request => request.Logs is null ? OtlpAnswer.Ok : OtlpAnswer.After(Task.Delay(300));
        int Behind() => harness.Load.Sent.AcknowledgedCount - harness.Delivery.Arrived;
        await harness.WaitAsync(() => Behind() > BacklogRecords, () => $"{Behind()} records of backlog");
    }
}
