using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.Inspection;

public sealed partial class SpoolInspectorTests
{
    [Test]
    public async Task Sees_segments_cursors_and_times_beside_the_running_daemon()
    {
        await using var house = await Looking.FilledAsync();
        var frames = house.Frames();
        await house.Spool.Cursors.DeliverAsync(frames[4].Position, default);
        await house.Spool.Cursors.CountAsync(frames[2].Position, default);

        var (snapshot, census) = house.LookAt();

        Assert.That((snapshot.Use, snapshot.Process), Is.EqualTo((SpoolUse.Running, (int?)Environment.ProcessId)));
        Assert.That(snapshot.Damage.IsEmpty, string.Join('\n', snapshot.Damage.Words()));
        Assert.That((snapshot.Tail, snapshot.Gaps.Count), Is.EqualTo(((DamagedRange?)null, 0)));
        Assert.That((snapshot.Oldest, snapshot.End), Is.EqualTo((0, house.Spool.End.Value)));
        Assert.That(snapshot.Segments.Select(s => Path.Combine(house.Folder, s.Name)), Is.EqualTo(house.Segments));
        Assert.That(snapshot.Segments.Select(s => s.Bytes + SegmentHeader.Size), Is.EqualTo(house.Segments.Select(s => new FileInfo(s).Length)));
        Assert.That(snapshot.Cursors, Is.EqualTo(new CursorState(frames[4].Position.Value, frames[2].Position.Value, 0, snapshot.Segments[0].Salt, CursorState.Open, snapshot.Segments[^1].Start)));
        Assert.That(snapshot.BytesFrom(frames[4].Position.Value), Is.EqualTo(snapshot.End - frames[4].Position.Value));
        Assert.That((census.Records, census.Undelivered, census.Uncounted, census.Unkeyed), Is.EqualTo((9, 5, 7, 9)));
        var start = house.Now - 9_000_000_000;
        Assert.That(snapshot.Segments.Select(snapshot.TimesOf), Is.EqualTo(new[]
        {
            new SegmentTimes(start, start + 2_000_000_000),
            new SegmentTimes(start + 3_000_000_000, start + 5_000_000_000),
            new SegmentTimes(start + 6_000_000_000, start + 8_000_000_000),
        }));
        Assert.That(snapshot.ReceivedAt(frames[4].Position.Value), Is.EqualTo(start + 4_000_000_000));
        Assert.That(snapshot.ReceivedAt(snapshot.End), Is.Null);
    }

    [Test]
    public async Task Reads_the_same_records_as_the_daemon_from_any_position()
    {
        await using var house = await Looking.FilledAsync();
        var snapshot = SpoolInspector.Look(house.Folder, house.Time);
        foreach (var (position, _, _) in house.Frames())
            Assert.That(snapshot.Payloads(position), Is.EqualTo(house.ReadAll(position)));
        Assert.That(snapshot.Payloads(house.Spool.End), Is.Empty);
    }

    [Test]
    public async Task Tells_a_closed_spool_from_one_that_was_left()
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        File.Create(Path.Combine(left.Folder, "lock")).Dispose();
        await house.Spool.DisposeAsync();

        Assert.That(house.LookAt().Snapshot.Use, Is.EqualTo(SpoolUse.Closed));
        var (snapshot, _) = left.LookAt();
        Assert.That((snapshot.Use, snapshot.Process, snapshot.Damage.IsEmpty), Is.EqualTo((SpoolUse.NotClosed, (int?)null, true)));
    }

    [Test]
    public async Task The_positions_that_an_unclean_stop_left_out_are_a_gap_and_no_damage()
    {
        await using var house = await Looking.FilledAsync();
        var end = house.Spool.End.Value;
        await using var left = house.Crash();
        left.Open();
        await left.AppendAsync("after");

        var (snapshot, census) = left.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.Empty);
        Assert.That(snapshot.Gaps, Is.EqualTo(new[] { new SpoolGap(end, SpoolRecovery.Gap) }));
        Assert.That(census.Records, Is.EqualTo(10));
        Assert.That(snapshot.BytesFrom(end), Is.EqualTo(left.Spool.End.Value - SpoolRecovery.Gap));
    }

    [Test]
    public async Task Segments_that_retention_deleted_are_not_missed()
    {
        await using var house = await Looking.FilledAsync();
        await house.MoveAllAsync(house.Spool.End);
        house.Time.Advance(TimeSpan.FromDays(2));
        await house.SettleAsync();
        Assert.That(house.Spool.Oldest.Value, Is.Positive);

        var (snapshot, census) = house.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.Empty);
        Assert.That((snapshot.Oldest, census.Records), Is.EqualTo((house.Spool.Oldest.Value, 1)));
    }

    [Test]
    public async Task A_segment_that_retention_deletes_while_it_is_read_is_no_damage()
    {
        await using var house = await Looking.FilledAsync();
        await house.MoveAllAsync(house.Spool.End);
        var snapshot = SpoolInspector.Look(house.Folder, house.Time);
        using var reader = snapshot.Read(SpoolPosition.Start);
        Assert.That(reader.TryRead(out _));
        house.Time.Advance(TimeSpan.FromDays(2));
        await house.SettleAsync();
        Assert.That(house.Segments, Has.Length.EqualTo(1));

        var rest = 0;
        while (reader.TryRead(out _))
            rest++;

        Assert.That(rest, Is.EqualTo(2), "the file that was open stays readable, the other two are gone");
        Assert.That(snapshot.Damage.Words(), Is.Empty);
        Assert.That(snapshot.Damage.SweptBytes, Is.EqualTo(snapshot.End - snapshot.Segments[0].End));
    }

    [Test]
    public async Task A_segment_that_somebody_else_deletes_while_it_is_read_is_missing()
    {
        await using var house = await Looking.FilledAsync();
        var snapshot = SpoolInspector.Look(house.Folder, house.Time);
        var second = snapshot.Segments[1];
        File.Delete(house.Segments[1]);

        Assert.That(snapshot.Payloads(), Has.Count.EqualTo(6));
        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"missing {second.Name} {second.Start}-{second.End}" }));
        Assert.That(snapshot.Damage.SweptBytes, Is.Zero);
    }

    [Test]
    public async Task Sees_no_damage_however_the_daemon_appends_rotates_and_deletes_meanwhile()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 400_000;
        house.Options.Sync = SpoolSync.Never;
        house.Open();
        await house.AppendAsync("first");
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var random = new Random(20260727);
            while (!enough.IsCancellationRequested)
            {
                var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new string('x', random.Next(10, 30_000))).ToArray();
                Assert.That((await house.AppendAsync(parts)).Outcome, Is.EqualTo(AppendOutcome.Durable));
                await house.MoveAllAsync(house.Spool.End);
            }
        });

        long swept = 0, tails = 0;
        try
        {
            for (var round = 0; round < 150 || (house.Spool.Oldest.Value == 0 && round < 100_000); round++)
            {
                var snapshot = SpoolInspector.Look(house.Folder, house.Time);
                var census = RecordCensus.Take(snapshot, (_, _) => { }, default);
                Assert.That(snapshot.Damage.Words(), Is.Empty, $"round {round}");
                Assert.That(snapshot.Use, Is.EqualTo(SpoolUse.Running));
                Assert.That(census.Counts.Sum(c => c.Bytes) + snapshot.Damage.SweptBytes, Is.EqualTo(snapshot.BytesFrom(0)), "every byte is a record's, or was deleted");
                swept += snapshot.Damage.SweptBytes;
                tails += snapshot.Tail is null ? 0 : 1;
            }
        }
        finally
        {
            await enough.CancelAsync();
            await writing;
        }

        TestContext.Out.WriteLine($"seed 20260727; {swept} bytes deleted while reading, {tails} appends seen half written, spool at {house.Spool.End}");
        Assert.That(house.Spool.Oldest.Value, Is.Positive, "segments were deleted");
    }

    [Test]
    public async Task A_daemon_that_starts_is_never_turned_away_by_who_looks()
    {
        await using var house = await Looking.FilledAsync();
        using var enough = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            var looks = 0;
            for (; !enough.IsCancellationRequested; looks++)
                _ = SpoolInspector.Look(house.Folder, house.Time);
            return looks;
        });

        for (var round = 0; round < 100; round++)
        {
            await house.Spool.DisposeAsync();
            Assert.DoesNotThrow(() => house.Open(), $"round {round}");
        }

        await enough.CancelAsync();
        Assert.That(await looking, Is.Positive);
    }

    [Test]
    public void A_directory_without_a_spool_is_told_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes.txt"), "mine");
        var before = FolderPrint.Of(folder.Path);

        var none = Assert.Throws<SpoolException>(() => SpoolInspector.Look(folder.Path, TimeProvider.System));
        var nowhere = Assert.Throws<SpoolException>(() => SpoolInspector.Look(folder.File("gone"), TimeProvider.System));

        Assert.That(none!.Message, Is.EqualTo($"There is no spool in {folder.Path}"));
        Assert.That(nowhere!.Message, Does.StartWith($"The spool directory {folder.File("gone")} cannot be read: "));
        Assert.That(FolderPrint.Of(folder.Path), Is.EqualTo(before));
    }
}
