using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// A daemon was killed when a part of its backlog was delivered, and something happened to its cursor file. Nothing is lost; what
/// comes again is what the cursors no longer say, to the record.
/// </summary>
public sealed class CursorDamageTests
{
    const int Batches = 40;
    const int Accepted = 3;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly Dictionary<string, string> SmallSegments = new() { ["SPOOL__SEGMENT_BYTES"] = "65536" };

    static IEnumerable<TestCaseData> Cases => CursorDamages.All.Select(d => new TestCaseData(d.Damage).SetArgDisplayNames(d.Name));

    [TestCaseSource(nameof(Cases))]
    public async Task Delivers_again_exactly_what_the_cursors_no_longer_say(object inflicted)
    {
        var damage = (CursorDamage)inflicted;
        await using var harness = await FaultHarness.StartAsync(SmallSegments);
        var kept = new KeptByLifetime(harness);
        var path = Path.Combine(harness.Folder, "spool", "cursors");
        var logs = 0;
        harness.Backend.Decide = r => r.Logs is null || Interlocked.Increment(ref logs) <= Accepted ? OtlpAnswer.Ok : OtlpAnswer.Status(503, retryAfter: "300");
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(Batches);
        await WaitForCursorsAsync(path, c => c.Length == 2 && c[0].Delivered > 0 && c[0].Counted > c[0].Delivered);
        await harness.KillAsync();
        var cursors = CursorImage.Read(path);
        Assert.That(cursors, Has.Length.EqualTo(2));
        var frames = new SpoolImage(Path.Combine(harness.Folder, "spool")).Frames.ToList();

        damage.Inflict(path);
        var left = cursors.FirstOrDefault(c => damage.IsLeft(c.Slot));
        if (left != cursors[0])
            ForgetAnswers(harness, kept);
        harness.Backend.Decide = _ => OtlpAnswer.Ok;
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();

        var delivered = left?.Delivered ?? 0;
        var expected = frames.Where(f => f.Position >= delivered).Select(f => f.Sequence).Concat(Enumerable.Range(Batches * harness.Load.BatchRecords, harness.Load.BatchRecords));
        Assert.That(kept.Sequences(2), Is.EquivalentTo(expected));
        Assert.That(harness.Daemon.Output, Does.Contain("The spool's cursors: " + damage.Told));
        Assert.That(kept.Damage(2), Is.EqualTo(new Dictionary<string, int> { ["cursors"] = 1 }));
        await AssertCleanRestartAsync(harness, kept);
    }

    [Test]
    public async Task A_cursor_beyond_the_end_is_moved_back_and_nothing_comes_again()
    {
        await using var harness = await FaultHarness.StartAsync(SmallSegments);
        var kept = new KeptByLifetime(harness);
        var path = Path.Combine(harness.Folder, "spool", "cursors");
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(Batches);
        await harness.WaitForAcknowledgedAsync();
        var end = new SpoolImage(Path.Combine(harness.Folder, "spool")).Newest.End;
        await WaitForCursorsAsync(path, c => c.Length == 2 && c[0].Delivered == end && c[0].Counted == end);
        await harness.KillAsync();

        var spool = new SpoolImage(Path.Combine(harness.Folder, "spool"));
        var cut = spool.LastAppend[0];
        spool.Cut(spool.Newest, cut.Offset);
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();

        Assert.That(kept.Sequences(2).ToList(), Has.Count.EqualTo(harness.Load.BatchRecords));
        Assert.That(harness.Daemon.Output, Does.Contain($"position {end} is beyond the end of the spool; moved back to {cut.Position}"));
        Assert.That(kept.Damage(2), Is.EqualTo(new Dictionary<string, int> { ["cursors"] = 1 }));
        await AssertCleanRestartAsync(harness, kept);
    }

    static Task WaitForCursorsAsync(string path, Func<CursorImage[], bool> are) =>
        Task.Run(() => Assert.That(SpinWait.SpinUntil(() => are(CursorImage.Read(path)), Patience)));

    /// <summary>The daemon noted that they had come, and its notes are gone.</summary>
    static void ForgetAnswers(FaultHarness harness, KeptByLifetime kept)
    {
        foreach (var request in kept.Requests(1))
            harness.Backend.AnswerLost(request);
    }

    static async Task AssertCleanRestartAsync(FaultHarness harness, KeptByLifetime kept)
    {
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();
        Assert.That(harness.Daemon.Output, Does.Not.Contain("The spool's cursors").And.Not.Contain("not closed in order"));
        Assert.That(kept.Damage(3), Is.Empty);
        Assert.That(kept.Sequences(3).ToList(), Has.Count.EqualTo(harness.Load.BatchRecords));
    }
}
