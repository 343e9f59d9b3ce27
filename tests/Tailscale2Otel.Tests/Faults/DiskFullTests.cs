using System.Net;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>No more room for the spool, and then room again.</summary>
public sealed class DiskFullTests
{
    const int Senders = 2;
    const int Records = 600;
    const int Poison = 37;
    const string Ballast = "ballast";
    const int SmallFile = 64 * 1024;

    [TestCase("0")]
    [TestCase("2MiB")]
    public async Task A_full_file_system_is_answered_drained_and_left_by_itself(string minFree)
    {
        await using var harness = await FaultHarness.StartAsync(new Dictionary<string, string> { ["SPOOL__MIN_FREE_BYTES"] = minFree });
        var spool = Directory.CreateDirectory(Path.Combine(harness.Folder, "spool")).FullName;
        await using var disk = await SmallDisk.MountAsync(spool, "24m");
        using var enough = new CancellationTokenSource();
        var sending = await StartWithBacklogAsync(harness, enough.Token);

        disk.Fill(Ballast);
        await AssertRefusesAsync(harness, "spool.min_free_bytes");
        await DrainAsync(harness);

        // Also started and stopped on a full disk it neither forgets nor repeats.
        disk.Fill(Ballast);
        await harness.StopAsync();
        await harness.StartDaemonAsync();
        File.Delete(Path.Combine(spool, Ballast));
        await AssertTakesAgainAsync(harness);
        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
    }

    [Test]
    public async Task A_limit_of_file_sizes_is_a_full_disk_and_not_the_end_of_the_process()
    {
        await using var harness = await FaultHarness.StartAsync();
        using var enough = new CancellationTokenSource();
        var sending = await StartWithBacklogAsync(harness, enough.Token);

        FileSizeLimit.Set(harness.Daemon.Id, SmallFile);
        await AssertRefusesAsync(harness, "limit for file sizes");
        await DrainAsync(harness);
        Assert.That(harness.Daemon.Output, Does.Not.Contain("takes records again"));

        FileSizeLimit.Lift(harness.Daemon.Id);
        await AssertTakesAgainAsync(harness);
        await enough.CancelAsync();
        await sending;
        await harness.FinishAsync();
        Assert.That(harness.Delivery.Repeats, Is.Zero);
    }

    /// <summary>Until much is acknowledged and nothing delivered, because the backend is not there.</summary>
    static async Task<Task> StartWithBacklogAsync(FaultHarness harness, CancellationToken enough)
    {
        harness.Delivery.Refuse([Poison]);
        harness.Backend.Decide = request => request.Logs is null ? OtlpAnswer.Ok : OtlpAnswer.Status(503);
        await harness.StartDaemonAsync();
        var sending = harness.Load.RunAsync(Senders, enough);
        await harness.WaitAsync(() => harness.Load.Sent.AcknowledgedCount >= Records, () => "no backlog");
        return sending;
    }

    static async Task AssertRefusesAsync(FaultHarness harness, string reason)
    {
        var before = harness.Load.Sender.Refused;
        await harness.WaitAsync(() => harness.Load.Sender.Refused > before, () => "no refusal");
        var refusal = harness.Load.Sender.LastRefusal!;
        Assert.That(refusal.Text, Does.Contain("\"code\":9"));
        Assert.That(refusal.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await harness.Daemon.WaitForReadinessAsync(HttpStatusCode.ServiceUnavailable), Does.Contain("spool: ").And.Contain(reason));
    }

    /// <summary>The backend is back and refuses one record: all others arrive, that one is a dead letter, and both without any room.</summary>
    static async Task DrainAsync(FaultHarness harness)
    {
        harness.Backend.Decide = request => FaultHarness.SequencesOf(request).Contains(Poison) ? OtlpAnswer.Status(400, "unwanted") : OtlpAnswer.Ok;
        harness.Delivery.AwaitAcknowledged();
        await harness.WaitAsync(() => harness.Delivery.Awaited == 0, () => $"{harness.Delivery.Awaited} records of the backlog are not delivered");
        Assert.That(File.ReadAllLines(Path.Combine(harness.Folder, "spool", "dead-letters.ndjson")), Has.Length.EqualTo(1));
    }

    static async Task AssertTakesAgainAsync(FaultHarness harness)
    {
        await harness.Daemon.WaitForReadinessAsync(HttpStatusCode.OK);
        var target = harness.Load.Sent.AcknowledgedCount + Records;
        await harness.WaitAsync(() => harness.Load.Sent.AcknowledgedCount >= target, () => "nothing is taken again");
    }
}
