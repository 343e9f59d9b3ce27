using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Tests.Spool;

public sealed class SpoolRecoveryTests
{
    static readonly string[] Three = ["first", "second", "third"];

    [Test]
    public async Task A_clean_stop_goes_on_in_the_same_segment_at_the_same_position()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        var end = house.Spool.End;
        await house.Spool.DisposeAsync();
        house.Open();
        Assert.That(house.Spool.End, Is.EqualTo(end));
        await house.AppendAsync("second");
        Assert.That(house.Frames()[1].Position, Is.EqualTo(end));
        Assert.That(house.Segments, Has.Length.EqualTo(1));
        Assert.That(house.Log.Entries, Is.Empty);
    }

    [Test]
    public async Task A_crash_keeps_everything_and_never_gives_a_position_twice()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        var end = house.Spool.End;
        await using var left = house.Crash();
        left.Open();
        Assert.That(left.Spool.End, Is.EqualTo(end));
        await left.AppendAsync("fourth");
        var frames = left.Frames();
        Assert.That(frames.Select(f => f.Payload), Is.EqualTo(new[] { "first", "second", "third", "fourth" }));
        Assert.That(frames[3].Position.Value, Is.GreaterThanOrEqualTo(SpoolRecovery.Gap));
        Assert.That(left.Log.Says("damaged"), Is.False, "a gap behind an unclean stop is no damage");
    }

    [Test]
    public async Task A_torn_tail_is_cut_wherever_the_last_frame_was_torn()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await house.AppendAsync("second");
        var whole = house.Spool.End.Value + SpoolHarness.HeaderBytes;
        await house.AppendAsync("third");
        var length = new FileInfo(house.LastSegment).Length;

        for (var cut = whole; cut < length; cut++)
        {
            await using var left = house.Crash();
            SpoolHarness.Cut(left.LastSegment, cut);
            left.Open();
            Assert.That(left.ReadAll(), Is.EqualTo(new[] { "first", "second" }));
            Assert.That(new FileInfo(left.LastSegment).Length, Is.EqualTo(whole));
            if (cut > whole)
                Assert.That(left.Log.Says($"torn_tail) in segment {Path.GetFileName(left.LastSegment)} from position {whole - SpoolHarness.HeaderBytes} to {cut - SpoolHarness.HeaderBytes}"));
            await left.AppendAsync("again");
            Assert.That(left.ReadAll(), Is.EqualTo(new[] { "first", "second", "again" }));
            Assert.That(left.Frames()[2].Position.Value, Is.GreaterThan(length));
        }
    }

    [Test]
    public async Task Half_an_append_is_cut_though_its_frames_are_whole()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        var end = house.Spool.End.Value;
        await house.AppendAsync("with", "its", "cursor");
        var frames = house.Frames();
        foreach (var frame in frames.Skip(1).Take(2))
        {
            await using var left = house.Crash();
            SpoolHarness.Cut(left.LastSegment, frame.Next.Value + SpoolHarness.HeaderBytes);
            left.Open();
            Assert.That(left.ReadAll(), Is.EqualTo(new[] { "first" }));
            Assert.That(left.Spool.End.Value, Is.EqualTo(end));
        }
    }

    [Test]
    public async Task Behind_a_clean_stop_there_is_no_torn_tail_and_only_what_is_damaged_is_passed()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        var last = house.Frames()[2];
        await house.Spool.DisposeAsync();
        SpoolHarness.Flip(house.LastSegment, last.Position.Value + SpoolHarness.HeaderBytes + 50);
        house.Open();
        await house.AppendAsync("fourth");
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "first", "second", "fourth" }));
        Assert.That(house.Log.Says($"(frame) in segment {Path.GetFileName(house.LastSegment)} from position {last.Position} to {last.Next}"));
    }

    [Test]
    public async Task The_torn_tail_is_copied_aside()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await using var left = house.Crash();
        await File.AppendAllTextAsync(left.LastSegment, "rubbish that no frame is");
        left.Open();
        var copy = Directory.GetFiles(Path.Combine(left.Folder, "damaged")).Single();
        Assert.That(await File.ReadAllTextAsync(copy), Is.EqualTo("rubbish that no frame is"));
    }

    [Test]
    public async Task A_cursor_beyond_the_end_is_moved_back_and_stays_below_new_positions()
    {
        await using var house = new SpoolHarness();
        house.Options.Sync = SpoolSync.Never;
        house.Open();
        await house.AppendAsync("first");
        var end = house.Spool.End;
        await house.AppendAsync("lost with the power");
        await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);
        var beyond = house.Spool.End;
        await using var left = house.Crash();
        SpoolHarness.Cut(left.LastSegment, end.Value + SpoolHarness.HeaderBytes);
        left.Open();
        Assert.That(left.Spool.Cursors.Delivered, Is.EqualTo(end));
        Assert.That(left.Log.Says("beyond the end"));
        await left.AppendAsync("new");
        Assert.That(left.Frames()[1].Position, Is.GreaterThan(beyond));
        Assert.That(left.ReadAll(left.Spool.Cursors.Delivered), Is.EqualTo(new[] { "new" }));
    }

    [TestCase(0)]
    [TestCase(30)]
    [TestCase(71)]
    public async Task A_truncated_cursor_file_starts_at_the_oldest_with_a_warning(int length)
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        await house.MoveAllAsync(house.Spool.End);
        await using var left = house.Crash();
        SpoolHarness.Cut(Path.Combine(left.Folder, "cursors"), length);
        left.Open();
        Assert.That(left.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));
        Assert.That(left.Log.Says("the file is damaged"));
        Assert.That(left.ReadAll(left.Spool.Cursors.Delivered), Is.EqualTo(Three));
    }

    [Test]
    public async Task One_torn_slot_of_the_cursors_costs_one_move()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        var frames = house.Frames();
        await house.Spool.Cursors.DeliverAsync(frames[0].Next, default);
        await house.Spool.Cursors.DeliverAsync(frames[1].Next, default);
        List<SpoolPosition> found = [];
        foreach (var slot in new[] { 0, 4096 })
        {
            await using var left = house.Crash();
            SpoolHarness.Flip(Path.Combine(left.Folder, "cursors"), slot + 25);
            left.Open();
            found.Add(left.Spool.Cursors.Delivered);
            Assert.That(left.Log.Says("one of the two slots is damaged"));
        }

        Assert.That(found, Is.EquivalentTo(new[] { frames[0].Next, frames[1].Next }));
    }

    [Test]
    public async Task A_missing_cursor_file_starts_at_the_oldest_with_a_warning()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        await house.MoveAllAsync(house.Spool.End);
        await using var left = house.Crash();
        File.Delete(Path.Combine(left.Folder, "cursors"));
        left.Open();
        Assert.That(left.Spool.Cursors.Keyed, Is.EqualTo(SpoolPosition.Start));
        Assert.That(left.Log.Says("missing"));
        Assert.That(left.ReadAll(), Is.EqualTo(Three), "the salt is in the segments too");
    }

    [Test]
    public async Task A_zero_length_segment_is_removed_and_reported()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await house.Spool.DisposeAsync();
        await File.WriteAllBytesAsync(Path.Combine(house.Folder, $"{99_999:D19}.seg"), []);
        house.Open();
        Assert.That(house.Log.Says("empty_segment"));
        Assert.That(house.Segments, Has.Length.EqualTo(1));
        await house.AppendAsync("second");
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task A_damaged_segment_header_does_not_lose_the_frames()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 12; i++)
            await house.AppendAsync(i + new string('x', 20_000));
        var expected = house.ReadAll();
        await using var left = house.Crash();
        SpoolHarness.Flip(left.Segments[1], 34);
        left.Open();
        Assert.That(left.Log.Says("segment_header"));
        Assert.That(left.ReadAll(), Is.EqualTo(expected));

        await using var again = left.Crash();
        again.Open();
        Assert.That(again.Log.Says("segment_header"), Is.False, "it was written again");
        Assert.That(again.ReadAll(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Segments_deleted_from_under_the_cursors_are_reported()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 12; i++)
            await house.AppendAsync(i + new string('x', 20_000));
        await using var left = house.Crash();
        var gone = new FileInfo(left.Segments[0]).Length - SpoolHarness.HeaderBytes;
        File.Delete(left.Segments[0]);
        left.Open();
        Assert.That(left.Log.Says($"from position 0 to {gone}"));
        Assert.That(left.ReadAll()[0], Does.StartWith("3"));
    }

    [Test]
    public async Task The_newest_segment_deleted_with_undelivered_records_is_reported_once()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 12; i++)
            await house.AppendAsync(i + new string('x', 20_000));
        await house.Spool.Cursors.KeyAsync(house.Frames()[0].Next, default);
        await using var left = house.Crash();
        var (gone, kept) = (left.LastSegment, left.Segments.Length - 1);
        File.Delete(gone);
        left.Open();
        Assert.That(left.Log.Says($"(missing) in segment {Path.GetFileName(gone)}"));
        Assert.That(left.ReadAll(), Has.Count.EqualTo(3 * kept));
        var end = left.Spool.End;
        await left.AppendAsync("new");
        Assert.That(left.Frames()[^1].Position, Is.GreaterThan(end));

        await using var again = left.Crash();
        again.Open();
        Assert.That(again.Log.Says("missing"), Is.False);
        Assert.That(again.ReadAll()[^1], Is.EqualTo("new"));
    }

    [Test]
    public async Task Segments_that_went_in_order_are_not_missed()
    {
        await using var house = new SpoolHarness();
        house.Options.Retention = TimeSpan.Zero;
        house.Open();
        await house.AppendAsync("first");
        await house.MoveAllAsync(house.Spool.End);
        house.Time.Advance(TimeSpan.FromHours(1));
        await house.AppendAsync("second");
        Assert.That(house.Spool.Oldest, Is.GreaterThan(SpoolPosition.Start));
        await house.MoveAllAsync(house.Spool.End);
        house.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(SpinWait.SpinUntil(() => house.Segments.Length == 0, TimeSpan.FromSeconds(60)));
        await using var left = house.Crash();
        left.Open();
        Assert.That(left.Log.Says("missing") || left.Log.Says("damaged"), Is.False);
    }

    [Test]
    public async Task An_emptied_newest_segment_is_reported_once()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 12; i++)
            await house.AppendAsync(i + new string('x', 20_000));
        await house.Spool.Cursors.KeyAsync(house.Frames()[0].Next, default);
        await using var left = house.Crash();
        SpoolHarness.Cut(left.LastSegment, 0);
        left.Open();
        Assert.That(left.Log.Entries.Count(e => e.Text.Contains("is damaged", StringComparison.Ordinal)), Is.EqualTo(1));

        await using var again = left.Crash();
        again.Open();
        Assert.That(again.Log.Says("is damaged"), Is.False);
    }

    [Test]
    public async Task A_last_segment_that_cannot_be_opened_is_waited_for()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        await using var left = house.Crash();
        left.Open(disk => disk.Locked = left.LastSegment);
        Assert.That(left.Log.Says("cannot be opened"));
        await left.AppendAsync("fourth");
        using var reader = left.Spool.Read(SpoolPosition.Start);
        Assert.That(reader.TryRead(out _), Is.False, "nothing overtakes what may be readable tomorrow");

        left.Disk.Locked = "";
        Assert.That(SpoolHarness.ReadAll(reader), Is.EqualTo(new[] { "first", "second", "third", "fourth" }));
    }

    [Test]
    public async Task With_every_segment_gone_it_goes_on_above_the_cursors()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        await house.MoveAllAsync(house.Spool.End);
        var end = house.Spool.End;
        await using var left = house.Crash();
        File.Delete(left.LastSegment);
        left.Open();
        Assert.That(left.Spool.End, Is.EqualTo(end));
        await left.AppendAsync("new");
        Assert.That(left.ReadAll(left.Spool.Cursors.Delivered), Is.EqualTo(new[] { "new" }));
        Assert.That(left.Frames()[0].Position, Is.GreaterThan(end));
    }

    [Test]
    public async Task A_disk_that_does_not_read_today_loses_nothing_for_tomorrow()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync(Three);
        await using var left = house.Crash();
        var length = new FileInfo(left.LastSegment).Length;
        var disk = new FaultyDirectory(new DiskSpoolDirectory(left.Folder)) { FailReads = true };
        await using (DiskSpool.Open(left.Options, disk, left.Time, left.Meter, left.Log))
            Assert.That(new FileInfo(left.LastSegment).Length, Is.EqualTo(length));
        left.Open();
        Assert.That(left.ReadAll(), Is.EqualTo(Three));
    }

    [Test]
    public async Task A_loss_of_power_after_an_orderly_stop_and_a_start_uses_no_position_twice([Values("Always", "Interval", "Never")] string setting)
    {
        var sync = Enum.Parse<SpoolSync>(setting);
        await using var house = new SpoolHarness();
        house.Options.Sync = sync;
        house.Open();
        await house.AppendAsync("first");
        await house.Spool.DisposeAsync();
        house.Open();
        Assert.That(house.Disk.CursorFlushes, Is.EqualTo(1), "what the disk has of the cursors from here on");
        await using var left = house.Crash();
        left.Options.Sync = sync;
        var lost = await house.AppendAsync("lost by the loss of power");

        left.Open();
        await left.AppendAsync("other content");
        Assert.That(left.Frames()[^1].Position, Is.GreaterThan(lost.End));
    }

    [Test]
    public async Task A_file_behind_a_gap_that_holds_nothing_acknowledged_is_left_alone()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await using var left = house.Crash();
        left.Open();
        left.Disk.HoldWrites();
        var appending = left.AppendAsync("never acknowledged");
        left.Disk.WaitForWrite();
        left.Disk.FailFlush = left.Disk.FailTruncate = true;
        left.Disk.LetWrite();
        Assert.That((await appending).Outcome, Is.EqualTo(AppendOutcome.Unavailable));
        left.Disk.FailFlush = left.Disk.FailTruncate = false;
        await left.AppendAsync("second");
        Assert.That(left.Segments, Has.Length.EqualTo(3));
        Assert.That(SpoolInspector.Look(left.Folder, left.Time).Damage.Ranges, Is.Empty);

        await left.Spool.DisposeAsync();
        left.Open();
        Assert.That(left.Segments, Has.Length.EqualTo(3));
        Assert.That(left.ReadAll(), Is.EqualTo(new[] { "first", "second" }));
        Assert.That(left.Log.Says("is left alone and not read"));
        Assert.That(left.Log.Says("is damaged"), Is.False);
        Assert.That(SpoolInspector.Look(left.Folder, left.Time).BytesOnDisk, Is.EqualTo(left.Segments.Where((_, i) => i != 1).Sum(s => new FileInfo(s).Length)));
    }

    [Test]
    public async Task Foreign_files_are_left_alone()
    {
        await using var house = new SpoolHarness();
        await File.WriteAllTextAsync(Path.Combine(house.Folder, "notes.seg"), "mine");
        house.Open();
        await house.AppendAsync("first");
        Assert.That(house.Log.Says("notes.seg"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(house.Folder, "notes.seg")), Is.EqualTo("mine"));
    }
}
