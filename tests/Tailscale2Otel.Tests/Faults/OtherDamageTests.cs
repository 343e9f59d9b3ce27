using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>What can happen to the other files of a spool, and to the right to read them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OtherDamageTests
{
    const int Batches = 20;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The smallest window there is: its keys go to a file by sixty-four.</summary>
    static readonly Dictionary<string, string> SmallWindow = new() { ["DEDUPLICATION__MAX_KEYS"] = "1024", ["SPOOL__SEGMENT_BYTES"] = "65536" };

    [Test]
    public async Task Keys_of_a_damaged_file_are_learnt_again()
    {
        await using var harness = await FaultHarness.StartAsync(SmallWindow);
        var kept = new KeptByLifetime(harness);
        var files = await DeliverAsync(harness);
        var damaged = files[files.Length / 2];
        SpoolImage.Flip(damaged, 200);

        await harness.StartDaemonAsync();
        using (var again = new FlowLoad { Sender = { Target = harness.Daemon.Hec } })
            await again.PostAsync(Batches);
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();

        Assert.That(kept.Sequences(2), Is.EquivalentTo(Enumerable.Range(Batches * harness.Load.BatchRecords, harness.Load.BatchRecords)));
        Assert.That(harness.Daemon.Output, Does.Contain(Path.GetFileName(damaged) + " are damaged; they are learnt again"));
        Assert.That(kept.Damage(2, "tailscale2otel.dedup.damaged", "dedup.set"), Is.EqualTo(new Dictionary<string, int> { ["flow"] = 1 }));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(damaged)!), Is.SupersetOf(files), "sealed anew under the same name");
        await AssertCleanRestartAsync(harness, kept, 3);
    }

    [TestCase(1)]
    [TestCase(100)]
    public async Task Deleted_files_of_keys_stop_nothing(int count)
    {
        await using var harness = await FaultHarness.StartAsync(SmallWindow);
        var kept = new KeptByLifetime(harness);
        foreach (var file in (await DeliverAsync(harness)).Take(count))
            File.Delete(file);

        await AssertCleanRestartAsync(harness, kept, 2);
        await AssertCleanRestartAsync(harness, kept, 3);
    }

    [Test]
    public async Task A_torn_line_of_dead_letters_goes_with_the_next_one()
    {
        await using var harness = await FaultHarness.StartAsync();
        var path = Path.Combine(harness.Folder, "spool", "dead-letters.ndjson");
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await PostAsync(harness, 1);
        await WaitForLinesAsync(path, 1);
        await harness.WaitForAcknowledgedAsync();
        await WaitForCursorsAsync(Path.Combine(harness.Folder, "spool"), c => c.Delivered == EndOf(path));
        await harness.KillAsync();
        await File.AppendAllTextAsync(path, """{"time":"2026-07-27T12:00:00.000Z","source":"stre""");

        await harness.StartDaemonAsync();
        await PostAsync(harness, 2);
        await WaitForLinesAsync(path, 2);
        await harness.FinishAsync();

        var starts = (await File.ReadAllLinesAsync(path)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("record").GetProperty("nodeId").GetString());
        Assert.That(starts, Is.EqualTo(new[] { "n1", "n2" }));
    }

    [Test]
    public async Task Foreign_files_are_named_and_left_alone()
    {
        await using var harness = await FaultHarness.StartAsync(SmallWindow);
        var kept = new KeptByLifetime(harness);
        await DeliverAsync(harness);
        var spool = Path.Combine(harness.Folder, "spool");
        Dictionary<string, byte[]> foreign = new()
        {
            ["notes.seg"] = "mine"u8.ToArray(),
            ["README"] = "what is this folder?"u8.ToArray(),
            ["0000000000000000000.seg.bak"] = File.ReadAllBytes(Directory.GetFiles(spool, "*.seg")[0]),
            ["cursors~"] = [],
            [Path.Combine("dedup", "flow", "old.keys")] = new byte[100],
        };
        foreach (var (name, bytes) in foreign)
            await File.WriteAllBytesAsync(Path.Combine(spool, name), bytes);

        await AssertCleanRestartAsync(harness, kept, 2);

        Assert.That(harness.Daemon.Output, Does.Contain("notes.seg in the spool directory is not").And.Contain("old.keys in the deduplication directory is not"));
        foreach (var (name, bytes) in foreign)
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(spool, name)), Is.EqualTo(bytes), name);
    }

    /// <summary>Root may read everything, so it is told not to.</summary>
    [TestCase(false)]
    [TestCase(true)]
    [Needs("setpriv")]
    public async Task A_segment_that_may_not_be_read_is_waited_for(bool isNewest)
    {
        await using var harness = await FaultHarness.StartAsync(SmallWindow);
        var kept = new KeptByLifetime(harness);
        harness.Backend.Decide = _ => OtlpAnswer.Status(503, retryAfter: "300");
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(2 * Batches);
        await harness.KillAsync();
        var spool = new SpoolImage(Path.Combine(harness.Folder, "spool"));
        var locked = spool.PathOf(isNewest ? spool.Newest : spool.Middle);
        File.SetUnixFileMode(locked, UnixFileMode.None);

        harness.Backend.Decide = _ => OtlpAnswer.Ok;
        harness.Executable = Unprivileged(harness);
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await Task.Run(() => Assert.That(SpinWait.SpinUntil(() => harness.Daemon.Output.Contains($"Segment {Path.GetFileName(locked)} cannot be opened for reading", StringComparison.Ordinal), Patience)));
        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await harness.FinishAsync();

        Assert.That(kept.Sequences(2), Is.EquivalentTo(Enumerable.Range(0, ((2 * Batches) + 1) * harness.Load.BatchRecords)));
        Assert.That(kept.Damage(2), Is.EqualTo(new Dictionary<string, int> { ["unreadable"] = 1 }));
        await AssertCleanRestartAsync(harness, kept, 3);
    }

    /// <summary>The dead letter was the last record: its end is that of the only segment.</summary>
    static long EndOf(string letters) => new FileInfo(Directory.GetFiles(Path.GetDirectoryName(letters)!, "*.seg").Single()).Length - SegmentImage.HeaderBytes;

    static Task WaitForCursorsAsync(string spool, Func<CursorImage, bool> are) =>
        Task.Run(() => Assert.That(SpinWait.SpinUntil(() => CursorImage.Read(Path.Combine(spool, "cursors")) is [var newest, ..] && are(newest), Patience)));

    /// <summary>Delivers a backlog, ends the daemon without a word and says which files of keys it left.</summary>
    static async Task<string[]> DeliverAsync(FaultHarness harness)
    {
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(Batches);
        await harness.WaitForAcknowledgedAsync();
        var spool = Path.Combine(harness.Folder, "spool");
        var end = new SpoolImage(spool).Newest.End;
        await WaitForCursorsAsync(spool, c => c.Delivered == end && c.Counted == end);
        await harness.KillAsync();
        var files = Directory.GetFiles(Path.Combine(spool, "dedup", "flow"), "*.keys");
        Assert.That(files, Has.Length.GreaterThan(4));
        return [.. files.Order(StringComparer.Ordinal)];
    }

    static async Task AssertCleanRestartAsync(FaultHarness harness, KeptByLifetime kept, int lifetime)
    {
        await harness.StartDaemonAsync();
        await harness.Load.PostAsync(1);
        await harness.FinishAsync();
        Assert.That(kept.Sequences(lifetime).ToList(), Has.Count.EqualTo(harness.Load.BatchRecords));
        Assert.That(harness.Daemon.Output, Does.Not.Contain("damaged").And.Not.Contain("cannot be opened"));
        Assert.That(kept.Damage(lifetime), Is.Empty);
    }

    /// <summary>A flow record of which nothing can be made.</summary>
    static async Task PostAsync(FaultHarness harness, int node)
    {
        var body = $$$"""{"event":{"nodeId":"n{{{node}}}","start":"2026-07-27T12:00:00Z","virtualTraffic":[{"src":"nowhere"}]}}""";
        await harness.Load.Sender.PostAsync(Encoding.UTF8.GetBytes(body), null, default);
    }

    static Task WaitForLinesAsync(string path, int count) =>
        Task.Run(() => Assert.That(SpinWait.SpinUntil(() => File.Exists(path) && File.ReadAllText(path).Split("}\n").Length - 1 == count, Patience)));

    static string Unprivileged(FaultHarness harness)
    {
        var path = Path.Combine(harness.Folder, "unprivileged");
        File.WriteAllText(path, $"""
            #!/bin/sh
            exec setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search -- {harness.Executable} "$@"

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
