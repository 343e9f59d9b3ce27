using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// A daemon was killed while its backend took nothing. Something happened to its segment files: the next one starts, says what
/// is lost and how much of it, and delivers all the rest.
/// </summary>
public sealed class SegmentDamageTests
{
    const int Batches = 80;

    static readonly Dictionary<string, string> SmallSegments = new() { ["SPOOL__SEGMENT_BYTES"] = "65536" };

    readonly TemporaryFolder _folder = new();
    SpoolImage _left = null!;

    static IEnumerable<TestCaseData> Cases => SegmentDamages.All.Select(d => new TestCaseData(d.Inflict).SetArgDisplayNames(d.Name));

    [OneTimeSetUp]
    public async Task LeaveABacklog()
    {
        await using var harness = await FaultHarness.StartAsync(SmallSegments);
        harness.Backend.Decide = _ => OtlpAnswer.Status(503, retryAfter: "300");
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(Batches);
        var spool = new SpoolImage(Path.Combine(harness.Folder, "spool"));
        var cursors = Path.Combine(harness.Folder, "spool", "cursors");
        Assert.That(SpinWait.SpinUntil(() => CursorImage.Read(cursors).Any(c => c.NewestSegment == spool.Newest.Start), TimeSpan.FromSeconds(60)));
        await harness.KillAsync();
        spool.CopyTo(_folder.File("spool"));
        _left = new SpoolImage(_folder.File("spool"));
        Assert.That(_left.Segments, Has.Count.GreaterThan(7));
        Assert.That(_left.Frames.Select(f => f.Sequence), Is.EqualTo(Enumerable.Range(0, Batches * harness.Load.BatchRecords)));
    }

    [OneTimeTearDown]
    public void RemoveIt() => _folder.Dispose();

    [TestCaseSource(nameof(Cases))]
    public async Task Everything_else_arrives_once_and_the_extent_is_told(object inflict)
    {
        await using var harness = await FaultHarness.StartAsync(SmallSegments);
        var kept = new KeptByLifetime(harness);
        _left.CopyTo(Path.Combine(harness.Folder, "spool"));
        var damage = ((Func<SpoolImage, Damage>)inflict)(new SpoolImage(Path.Combine(harness.Folder, "spool"), _left));
        var sequences = _left.Frames.Select(f => f.Sequence).ToList();
        harness.Load.Sent.Post(sequences);
        harness.Load.Sent.Acknowledge(sequences.Except(damage.Lost));
        harness.Load.Skip(sequences.Count);

        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(2);
        await harness.FinishAsync();

        Assert.That(kept.Sequences(1), Is.Unique);
        Assert.That(harness.Delivery.Arrived, Is.EqualTo(sequences.Count - damage.Lost.Count + (2 * harness.Load.BatchRecords)));
        foreach (var line in damage.Told)
            Assert.That(harness.Daemon.Output, Does.Contain(line));
        Assert.That(kept.Damage(1), Is.EqualTo(damage.Counted));

        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();
        Assert.That(harness.Daemon.Output, Does.Not.Contain("damaged").And.Not.Contain("not closed in order"));
        Assert.That(kept.Damage(2), Is.Empty);
    }
}
