using System.Diagnostics;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeadLetterRewriteTests : IDisposable
{
    readonly LetterBox _box = new();

    public void Dispose() => _box.Dispose();

    [TestCase("a", "b,c")]
    [TestCase("b", "a,c")]
    [TestCase("c", "a,b")]
    [TestCase("a,c", "b")]
    [TestCase("", "a,b,c")]
    public void Drops_what_is_meant_and_keeps_the_rest_in_order(string dropped, string kept)
    {
        _box.Add("a", "b", "c");
        var result = _box.Drop(dropped.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(_box.Words, Is.EqualTo(kept.Split(',')));
        Assert.That(result, Is.EqualTo(new DeadLetterDrop(3 - kept.Split(',').Length, false)));
        Assert.That(_box.Leftovers, Is.Empty);
    }

    [Test]
    public void A_file_without_letters_is_removed_and_made_again_by_the_next_one()
    {
        _box.Add("a", "b").Drop("a", "b");
        Assert.That(File.Exists(_box.File), Is.False);
        Assert.That(_box.Flush(), "nothing to flush is no failure");

        Assert.That(_box.Add("c").Words, Is.EqualTo(new[] { "c" }));
        Assert.That(_box.Log.Entries, Is.Empty);
    }

    [Test]
    public void Foreign_lines_stay_and_empty_ones_go()
    {
        _box.Add("a");
        File.AppendAllText(_box.File, "no json\n\n{\"time\":\"x\"}\n");
        _box.Add("b").Drop("a");

        Assert.That(File.ReadAllLines(_box.File)[..2], Is.EqualTo(new[] { "no json", "{\"time\":\"x\"}" }));
        Assert.That(_box.Words, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void What_comes_after_the_snapshot_stays_whatever_it_is()
    {
        _box.Add("a", "b");
        using var snapshot = DeadLetterSnapshot.OpenLocked(_box.Folder);
        _box.Add("c", "d");
        var result = DeadLetterRewrite.Drop(snapshot, _ => true);

        Assert.That(_box.Words, Is.EqualTo(new[] { "c", "d" }));
        Assert.That(result.Letters, Is.EqualTo(2));
    }

    [Test]
    public void Lines_of_every_length_survive_their_neighbours()
    {
        string[] words = [.. new[] { 1, 1000, 65_000, 66_000, 262_000, 263_000, 600_000, 5, 2_000_000, 7 }.Select((n, i) => $"{i}{new string((char)('a' + i), n)}")];
        _box.Add(words).Drop(words[2], words[4], words[8]);

        Assert.That(_box.Words, Is.EqualTo(words.Except([words[2], words[4], words[8]])));
    }

    [Test]
    public void Another_command_that_came_between_is_noticed()
    {
        _box.Add("a", "b", "c");
        using var snapshot = DeadLetterSnapshot.OpenLocked(_box.Folder);
        var isMeant = _box.Meaning("b");
        _box.Drop("a");
        _box.Add("d");
        var result = DeadLetterRewrite.Drop(snapshot, isMeant);

        Assert.That(_box.Words, Is.EqualTo(new[] { "c", "d" }));
        Assert.That(result.Letters, Is.EqualTo(1));
    }

    [Test]
    public void After_a_rotation_in_between_what_came_later_still_stays()
    {
        using var box = new LetterBox(maxBytes: 65_536);
        box.Add("a");
        using var snapshot = DeadLetterSnapshot.OpenLocked(box.Folder);
        // Until the file with "a" is the older one.
        for (var i = 0; !File.Exists(box.OlderFile); i++)
            box.Add($"later {i} {new string('x', 1000)}");
        var later = box.Words.Count - 1;
        DeadLetterRewrite.Drop(snapshot, _ => true);

        Assert.That(box.Words, Has.Count.EqualTo(later).And.All.StartsWith("later"));
    }

    [Test]
    public void After_a_rotation_in_between_what_came_later_stays_whatever_the_clock_says()
    {
        using var box = new LetterBox(maxBytes: 65_536);
        box.Add("a");
        using var snapshot = DeadLetterSnapshot.OpenLocked(box.Folder);
        box.Time.Jump(-TimeSpan.FromSeconds(1));
        box.Add("in the same millisecond");
        box.Time.Jump(-TimeSpan.FromHours(1));
        for (var i = 0; !File.Exists(box.OlderFile); i++)
            box.Add($"later {i} {new string('x', 1000)}");
        var later = box.Words.Count - 1;
        Assert.That(DeadLetterRewrite.Drop(snapshot, _ => true).Letters, Is.EqualTo(1));

        Assert.That(box.Words, Has.Count.EqualTo(later).And.None.EqualTo("a"));
        Assert.That(box.Words[0], Is.EqualTo("in the same millisecond"));
    }

    [Test]
    public void Changes_between_every_look_and_its_end_do_not_last_for_ever()
    {
        _box.Add("a", "b");
        using var snapshot = DeadLetterSnapshot.OpenLocked(_box.Folder);
        var looks = 0;
        var result = DeadLetterRewrite.Drop(snapshot, head =>
        {
            // Somebody changes the files while they are read, as long as nobody holds the lock.
            using (var held = DeadLetterLock.TryTake(_box.Folder))
                held?.BeginGeneration();
            looks++;
            return head.Position.Value == 100;
        });

        Assert.That(_box.Words, Is.EqualTo(new[] { "b" }));
        Assert.That((result.Letters, looks), Is.EqualTo((1L, 6)), "twice without the lock, then with it");
    }

    [Test]
    public void While_the_lock_is_held_the_daemon_waits_without_a_word()
    {
        using (DeadLetterLock.TryTake(_box.Folder))
            Assert.That(_box.TryAdd("a"), Is.False);

        Assert.That(_box.Log.Entries, Is.Empty);
        Assert.That(_box.Add("a").Words, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Drafts_of_a_killed_command_go_and_those_at_work_stay()
    {
        _box.Add("a");
        File.WriteAllText(_box.File + ".1-dead.new", "left behind");
        using var atWork = File.OpenHandle(_box.File + ".2-live.new", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        DeadLetterRewrite.Prepare(_box.Folder);

        Assert.That(_box.Leftovers, Is.EqualTo(new[] { "dead-letters.ndjson.2-live.new" }));
        Assert.That(_box.Words, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Letters_are_the_owners_alone()
    {
        PrivateFiles.Ask();
        _box.Add("a", "b").Drop("a");

        Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(_box.File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_command_of_root_leaves_the_files_to_the_daemons_user()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("needs root");
        File.WriteAllText(SpoolLock, "");
        Chown("-R", _box.Folder);
        File.Delete(Path.Combine(_box.Folder, DeadLetterLock.FileName));
        _box.Add("a", "b").Drop("a");

        Assert.That(OwnerOf(_box.File), Is.EqualTo("65534:65534"));
        Assert.That(OwnerOf(Path.Combine(_box.Folder, DeadLetterLock.FileName)), Is.EqualTo("65534:65534"));
    }

    [Test]
    public void A_daemon_of_root_keeps_its_files_in_a_directory_of_somebody_else()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("needs root");
        File.WriteAllText(SpoolLock, "");
        Chown(_box.Folder);
        _box.Add("a", "b").Drop("a");

        Assert.That(OwnerOf(_box.File), Is.EqualTo("0:0"));
        Assert.That(OwnerOf(Path.Combine(_box.Folder, DeadLetterLock.FileName)), Is.EqualTo("0:0"));
    }

    [Test, Needs("setpriv")]
    public async Task A_command_of_root_that_may_give_nothing_away_says_so_and_one_that_need_not_goes_on()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("needs root");
        _box.Add("a", "b");
        Chown(_box.Folder);
        File.WriteAllText(SpoolLock, "");
        Chown(SpoolLock);
        Assert.That(await DropAllAsync(), Is.EqualTo((1, "tailscale2otel: chown of " + Path.Combine(_box.Folder, DeadLetterLock.FileName) + ": Operation not permitted")));
        Assert.That(_box.Add("c").Words, Is.EqualTo(new[] { "a", "b", "c" }));

        File.Delete(SpoolLock);
        File.WriteAllText(SpoolLock, "");
        Assert.That(await DropAllAsync(), Is.EqualTo((0, "")));
        Assert.That(_box.Words, Is.Empty);
    }

    [Test]
    public async Task A_full_disk_stops_no_drop()
    {
        using var folder = new TemporaryFolder();
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1m", "none", folder.Path]) { RedirectStandardError = true });
        if (mount is not null)
            await mount.WaitForExitAsync();
        if (mount is not { ExitCode: 0 })
            Assert.Ignore("needs the right to mount a tmpfs");

        try
        {
            using var box = new LetterBox(folder: folder.Path);
            string[] words = [.. Enumerable.Range(0, 60).Select(i => $"{i} {new string('x', 10_000)}")];
            box.Add(words);
            var fill = folder.File("fill");
            Assert.That(() => File.WriteAllBytes(fill, new byte[1 << 20]), Throws.InstanceOf<IOException>());
            Assert.That(box.TryAdd(new string('y', 10_000)), Is.False, "the disk is full");

            Assert.That(box.Drop(words[3], words[40]), Is.EqualTo(new DeadLetterDrop(2, true)));
            Assert.That(box.Words, Is.EqualTo(words.Except([words[3], words[40]])));
            Assert.That(box.Leftovers, Is.EqualTo(new[] { "fill" }));

            File.Delete(fill);
            var before = new FileInfo(box.File).Length;
            Assert.That(box.Drop([.. words[10..]]), Is.EqualTo(new DeadLetterDrop(49, false)));
            Assert.That(new FileInfo(box.File).Length, Is.LessThan(before / 5), "the room of what was overwritten came back too");
            Assert.That(box.Words, Is.EqualTo(words[..10].Except([words[3]])));
        }
        finally
        {
            using var unmount = Process.Start("umount", ["-l", folder.Path]);
            await unmount.WaitForExitAsync();
        }
    }

    string SpoolLock => Path.Combine(_box.Folder, DiskSpool.LockName);

    /// <summary>As root in a container without that capability.</summary>
    async Task<(int Code, string Error)> DropAllAsync()
    {
        string[] command = ["--bounding-set", "-chown", Path.Combine(AppContext.BaseDirectory, "tailscale2otel"), "dead-letters", "drop", "--all", "--yes", "--spool", _box.Folder];
        using var process = CommandProcess.StartProgram(NeedsAttribute.Find("setpriv")!, command);
        var (code, _, error) = await process.ExitAsync();
        return (code, error.Trim());
    }

    static void Chown(params string[] paths)
    {
        using var chown = Process.Start("chown", [.. paths[..^1], "65534:65534", paths[^1]]);
        chown.WaitForExit();
    }

    static string OwnerOf(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u:%g", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
