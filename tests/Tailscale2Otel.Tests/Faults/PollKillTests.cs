using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Tests.EndToEnd;

namespace Tailscale2Otel.Tests.Faults;

/// <summary><c>kill -9</c> while the daemon polls: what it had asked for it asks for again, and nothing of it arrives twice.</summary>
public sealed class PollKillTests
{
    const int Seed = 20261126;

    /// <summary>More than one append takes, so that a kill can leave half of an answer behind.</summary>
    const int RecordsOfRound = 4300;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Loses_nothing_and_repeats_only_what_was_in_flight()
    {
        await using var tailnet = await SimulatedControlPlane.StartAsync(new ControlPlaneSettings(), TimeProvider.System);
        await using var harness = await FaultHarness.StartAsync(Settings(tailnet));
        var records = new PolledRecords(tailnet, harness.Load.Sent);
        var random = FaultHarness.Random(Seed);
        Func<Task>[] moments =
        [
            () => AskedAsync(tailnet),
            () => ServedAsync(tailnet, random.Next(RecordsOfRound)),
            () => ServedAsync(tailnet, RecordsOfRound - random.Next(200)),
            () => KeptAsync(harness, random.Next(1, 5)),
            () => ServedAsync(tailnet, random.Next(4000, 4100)),
            () => Task.Delay(random.Next(200, 2500)),
        ];
        random.Shuffle(moments);

        foreach (var moment in moments)
        {
            records.LogFlows(RecordsOfRound);
            tailnet.Faults.Next(ApiEndpoint.NetworkLogs, ControlPlaneFault.IsSlow(64 * 1024, TimeSpan.FromMilliseconds(3)));
            harness.Launch();
            await moment();
            await harness.KillAsync();
            harness.Kept = _ => { };
            tailnet.Faults.Clear();
            TestContext.Out.WriteLine($"{harness.Delivery.Arrived} of {records.Count} had arrived, {tailnet.Requests.Count(ApiEndpoint.NetworkLogs)} requests");
        }

        await harness.StartDaemonAsync();
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Arrived, Is.EqualTo(records.Count));
    }

    static Dictionary<string, string> Settings(SimulatedControlPlane tailnet) => new(TailnetHouse.Credential(tailnet).Select(s => KeyValuePair.Create(s.Key, s.Value)))
    {
        ["COLLECTORS__FLOWLOGS__INTERVAL"] = "1s",
        ["COLLECTORS__FLOWLOGS__LAG"] = "0s",
        ["COLLECTORS__FLOWLOGS__REPLAY_OVERLAP"] = "1s",
        ["COLLECTORS__AUDITLOGS__ENABLED"] = "false",
        ["COLLECTORS__DEVICES__ENABLED"] = "false",
        ["COLLECTORS__LOG_STREAM__ENABLED"] = "false",
    };

    static Task AskedAsync(SimulatedControlPlane tailnet)
    {
        var before = tailnet.Requests.Count(ApiEndpoint.NetworkLogs);
        return SpinAsync(() => tailnet.Requests.Count(ApiEndpoint.NetworkLogs) > before);
    }

    static Task ServedAsync(SimulatedControlPlane tailnet, int records)
    {
        var before = tailnet.Logs.Served;
        return SpinAsync(() => tailnet.Logs.Served > before + records);
    }

    /// <summary>The backend has kept so many requests and has not answered the last one.</summary>
    static async Task KeptAsync(FaultHarness harness, int requests)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Kept = request =>
        {
            if (request.Logs is null || --requests != 0)
                return;
            harness.Daemon.KillNow();
            reached.SetResult();
        };
        await reached.Task.WaitAsync(Limit);
    }

    static async Task SpinAsync(Func<bool> done)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!done())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, limit.Token);
        }
    }
}
