using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

public sealed partial class DiskSpoolTests
{
    [Test]
    public async Task Gives_back_what_was_appended_with_all_that_belongs_to_it()
    {
        await using var house = new SpoolHarness();
        house.Open();
        using var batch = new SpoolAppend();
        batch.Add(RecordSource.Poll, RecordSignal.Audit, "tailnet-ü.example", 1_753_617_600_123_456_789, """{"time":1}"""u8, "payload"u8);
        batch.Add(RecordSource.Stream, RecordSignal.RawLine, "", -5, default, default);
        var result = await house.Spool.AppendAsync(batch, default);
        Assert.That(result, Is.EqualTo(new AppendResult(AppendOutcome.Durable, house.Spool.End)));

        using var reader = house.Spool.Read(SpoolPosition.Start);
        Assert.That(reader.TryRead(out var first));
        Assert.That(first.Position, Is.EqualTo(SpoolPosition.Start));
        Assert.That((first.Source, first.Signal, first.Tailnet, first.ReceivedAt),
            Is.EqualTo((RecordSource.Poll, RecordSignal.Audit, "tailnet-ü.example", 1_753_617_600_123_456_789)));
        Assert.That(Encoding.UTF8.GetString(first.Metadata), Is.EqualTo("""{"time":1}"""));
        Assert.That(Encoding.UTF8.GetString(first.Payload), Is.EqualTo("payload"));
        var next = first.Next;
        Assert.That(reader.TryRead(out var second));
        Assert.That(second.Position, Is.EqualTo(next));
        Assert.That((second.Source, second.Signal, second.Tailnet, second.ReceivedAt), Is.EqualTo((RecordSource.Stream, RecordSignal.RawLine, "", -5L)));
        Assert.That(second.Metadata.Length + second.Payload.Length, Is.Zero);
        Assert.That(reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task Appends_of_many_callers_share_one_flush()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        house.Disk.HoldWrites();
        var blocker = house.AppendAsync("blocker");
        house.Disk.WaitForWrite();
        var flushed = house.Disk.SegmentFlushes;
        var waiting = Enumerable.Range(0, 100).Select(i => house.AppendAsync($"record {i}")).ToArray();
        house.Disk.LetWrite();
        await Task.WhenAll([blocker, .. waiting]);

        Assert.That(house.Disk.SegmentFlushes - flushed, Is.EqualTo(2), "one for the append under way, one for the hundred behind it");
        Assert.That(house.ReadAll(), Has.Count.EqualTo(102));
    }

    [Test]
    public async Task Nothing_is_answered_or_readable_before_the_flush()
    {
        await using var house = new SpoolHarness();
        house.Open();
        house.Disk.HoldWrites();
        var append = house.AppendAsync("late");
        house.Disk.WaitForWrite();
        Assert.That(append.IsCompleted, Is.False);
        Assert.That(house.ReadAll(), Is.Empty);
        house.Disk.LetWrite();
        Assert.That((await append).Outcome, Is.EqualTo(AppendOutcome.Durable));
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "late" }));
    }

    [Test]
    public async Task Rolls_segments_without_splitting_an_append_or_a_reader_noticing()
    {
        await using var house = new SpoolHarness();
        house.Open();
        var expected = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            string[] payloads = [$"{i}-a" + new string('x', 5000), $"{i}-b" + new string('y', 3000)];
            expected.AddRange(payloads);
            Assert.That((await house.AppendAsync(payloads)).Outcome, Is.EqualTo(AppendOutcome.Durable));
        }

        Assert.That(house.Segments, Has.Length.GreaterThan(4));
        Assert.That(house.Segments.Select(s => new FileInfo(s).Length), Is.All.LessThanOrEqualTo(house.Options.SegmentBytes + SpoolHarness.HeaderBytes));
        Assert.That(house.ReadAll(), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_append_larger_than_a_segment_gets_one_to_itself()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("small");
        var large = new string('x', 300_000);
        Assert.That((await house.AppendAsync(large)).Outcome, Is.EqualTo(AppendOutcome.Durable));
        await house.AppendAsync("after");
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "small", large, "after" }));
        Assert.That(house.Segments, Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Refuses_beyond_the_backlog_limit_and_takes_again_when_all_three_cursors_moved()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 200_000;
        house.Open();
        var record = new string('x', 30_000);
        AppendResult result;
        var taken = 0;
        while ((result = await house.AppendAsync(record)).Outcome == AppendOutcome.Durable)
            Assert.That(++taken, Is.LessThan(10));

        Assert.That(result, Is.EqualTo(new AppendResult(AppendOutcome.Full, default)));
        Assert.That(house.Spool.State.Outcome, Is.EqualTo(AppendOutcome.Full));
        Assert.That(house.Spool.State.Problem, Does.Contain("spool.max_bytes is 200000"));
        Assert.That(house.Disk.FreeBytes, Is.Positive);

        await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);
        await house.Spool.Cursors.CountAsync(house.Spool.End, default);
        Assert.That((await house.AppendAsync(record)).Outcome, Is.EqualTo(AppendOutcome.Full), "the keyed cursor still needs all of it");
        await house.Spool.Cursors.KeyAsync(house.Spool.End, default);
        Assert.That(house.Spool.State.IsOpen);
        Assert.That((await house.AppendAsync(record)).Outcome, Is.EqualTo(AppendOutcome.Durable));
        await house.SettleAsync();
        Assert.That(Directory.GetFiles(house.Folder, "*.seg").Sum(f => new FileInfo(f).Length), Is.LessThanOrEqualTo(200_000 + 65_536));
    }

    [Test]
    public async Task An_append_larger_than_the_spool_turns_nobody_else_away()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 200_000;
        house.Open();

        Assert.That((await house.AppendAsync(new string('x', 250_000))).Outcome, Is.EqualTo(AppendOutcome.Full));

        Assert.That(house.Spool.State.IsOpen, Is.True);
        Assert.That((await house.AppendAsync("y")).Outcome, Is.EqualTo(AppendOutcome.Durable));
    }

    [Test]
    public async Task Leaves_the_reserve_of_the_disk_alone()
    {
        await using var house = new SpoolHarness();
        house.Options.MinFreeBytes = 1_000_000;
        house.Open();
        house.Disk.Free = 1_000_200;
        Assert.That((await house.AppendAsync(new string('x', 200))).Outcome, Is.EqualTo(AppendOutcome.Full));
        Assert.That(house.Spool.State.Problem, Does.Contain("spool.min_free_bytes"));
        house.Disk.Free = 100_000_000;
        house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await house.AppendAsync("x")).Outcome, Is.EqualTo(AppendOutcome.Durable));
        Assert.That(house.Spool.State.IsOpen);
    }

    [Test]
    public async Task Is_not_open_again_before_there_is_room_for_what_it_refused()
    {
        await using var house = new SpoolHarness();
        house.Open();
        house.Disk.Free = 10_000;
        var waiting = house.Time.ActiveTimers;
        Assert.That((await house.AppendAsync(new string('x', 20_000))).Outcome, Is.EqualTo(AppendOutcome.Full));

        house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => house.Time.ActiveTimers > waiting || house.Spool.State.IsOpen, TimeSpan.FromSeconds(20)), "the probe waits for its next turn");
        Assert.That(house.Spool.State.IsOpen, Is.False);

        house.Disk.Free = 30_000;
        house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => house.Spool.State.IsOpen, TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Gives_consumed_segments_away_before_it_refuses_for_want_of_disk()
    {
        await using var house = new SpoolHarness();
        house.Options.MinFreeBytes = 1000;
        house.Open();
        for (var i = 0; i < 10; i++)
            await house.AppendAsync(new string('x', 30_000));
        await house.MoveAllAsync(house.Spool.End);
        Assert.That(house.Segments, Has.Length.GreaterThan(3));
        house.Disk.Free = 0;
        house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await house.AppendAsync("y")).Outcome, Is.EqualTo(AppendOutcome.Full));
        Assert.That(house.Segments, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_full_disk_is_answered_leaves_no_half_append_and_mends_itself()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("kept");
        house.Disk.Room = 150;
        var refused = await house.AppendAsync("refused 1", "refused 2", "refused 3");
        Assert.That(refused, Is.EqualTo(new AppendResult(AppendOutcome.Full, default)));
        Assert.That(house.Spool.State.IsOpen, Is.False);
        Assert.That(house.Spool.State.Problem, Does.Contain("no space left"));
        Assert.That(new FileInfo(house.LastSegment).Length, Is.EqualTo(SpoolHarness.HeaderBytes + house.Spool.End.Value));

        house.Disk.Room = long.MaxValue;
        Assert.That((await house.AppendAsync("after")).Outcome, Is.EqualTo(AppendOutcome.Durable));
        Assert.That(house.Spool.State.IsOpen);
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "kept", "after" }));
        await using var copy = house.Crash();
        copy.Open();
        Assert.That(copy.ReadAll(), Is.EqualTo(new[] { "kept", "after" }));
    }

    [Test]
    public async Task The_state_mends_without_an_append()
    {
        await using var house = new SpoolHarness();
        house.Open();
        house.Disk.Room = 0;
        await house.AppendAsync("refused");
        Assert.That(house.Spool.State.Outcome, Is.EqualTo(AppendOutcome.Full));
        house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => house.Time.ActiveTimers == 2, TimeSpan.FromSeconds(20)), "the probe failed and waits for its next turn");
        Assert.That(house.Spool.State.IsOpen, Is.False);

        house.Disk.Room = long.MaxValue;
        house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SpinWait.SpinUntil(() => house.Spool.State.IsOpen, TimeSpan.FromSeconds(20)));
        Assert.That(File.Exists(Path.Combine(house.Folder, "probe")), Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_failed_flush_is_unavailable_and_never_trusts_the_file_again(bool truncateFails)
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("kept");
        house.Disk.FailFlush = true;
        house.Disk.FailTruncate = truncateFails;
        Assert.That((await house.AppendAsync("not kept")).Outcome, Is.EqualTo(AppendOutcome.Unavailable));
        Assert.That(house.Spool.State.Outcome, Is.EqualTo(AppendOutcome.Unavailable));
        house.Disk.FailFlush = false;
        house.Disk.FailTruncate = false;
        Assert.That((await house.AppendAsync("after")).Outcome, Is.EqualTo(AppendOutcome.Durable));
        Assert.That(house.Segments, Has.Length.EqualTo(2));
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "kept", "after" }));

        await using var copy = house.Crash();
        copy.Open();
        Assert.That(copy.ReadAll(), Is.EqualTo(new[] { "kept", "after" }));
        Assert.That(copy.Log.Says("damaged"), Is.False);
    }

    [Test]
    public async Task A_second_user_of_the_directory_is_refused_in_words()
    {
        await using var house = new SpoolHarness();
        house.Open();
        var refusal = Assert.Throws<SpoolException>(() => DiskSpool.Open(house.Options, new DiskSpoolDirectory(house.Folder), house.Time, house.Meter, house.Log));
        Assert.That(refusal!.Message, Does.Contain(house.Folder).And.Contain("in use by another process").And.Contain("spool.directory"));
        await house.Spool.DisposeAsync();
        Assert.DoesNotThrow(() => house.Open());
    }

    [Test]
    public async Task Giving_up_on_an_append_and_disposing_it_does_not_spoil_what_is_written()
    {
        await using var house = new SpoolHarness();
        house.Open();
        house.Disk.HoldWrites();
        using var cancellation = new CancellationTokenSource();
        var batch = house.Batch("given up");
        var append = house.Spool.AppendAsync(batch, cancellation.Token).AsTask();
        house.Disk.WaitForWrite();
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(async () => await append);
        batch.Dispose();
        using (var other = house.Batch(new string('z', 10_000)))
            Assert.That(other.Count, Is.EqualTo(1));
        house.Disk.LetWrite();
        await house.AppendAsync("next");
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "given up", "next" }));
    }

    [Test]
    public async Task Closing_answers_what_waits_and_refuses_what_comes_after()
    {
        await using var house = new SpoolHarness();
        house.Open();
        house.Disk.HoldWrites();
        var waiting = house.AppendAsync("waiting");
        house.Disk.WaitForWrite();
        var closing = house.Spool.DisposeAsync();
        Assert.That((await house.AppendAsync("late")).Outcome, Is.EqualTo(AppendOutcome.Unavailable));
        Assert.That(house.Spool.State.Outcome, Is.EqualTo(AppendOutcome.Unavailable));
        house.Disk.LetWrite();
        await closing;
        Assert.That((await waiting).Outcome, Is.EqualTo(AppendOutcome.Durable));
        house.Open();
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "waiting" }));
    }

    [Test]
    public async Task An_empty_append_is_durable_at_once()
    {
        await using var house = new SpoolHarness();
        house.Open();
        using var batch = new SpoolAppend();
        Assert.That(await house.Spool.AppendAsync(batch, default), Is.EqualTo(new AppendResult(AppendOutcome.Durable, SpoolPosition.Start)));
        Assert.That(house.Segments, Is.Empty);
    }

    [Test]
    public async Task With_sync_interval_one_flush_follows_within_the_interval()
    {
        await using var house = new SpoolHarness();
        house.Options.Sync = SpoolSync.Interval;
        house.Open();
        await house.AppendAsync("a");
        await house.AppendAsync("b");
        Assert.That(house.Disk.SegmentFlushes, Is.Zero);
        house.Time.Advance(house.Options.SyncInterval);
        await house.SettleAsync();
        Assert.That(house.Disk.SegmentFlushes, Is.EqualTo(1));
        Assert.That(house.Disk.DirectoryFlushes, Is.EqualTo(2), "at the start, and for the name of the new segment");
    }

    [Test]
    public async Task With_sync_never_nothing_is_flushed_until_the_spool_closes()
    {
        await using var house = new SpoolHarness();
        house.Options.Sync = SpoolSync.Never;
        house.Open();
        for (var i = 0; i < 10; i++)
            await house.AppendAsync(new string('x', 20_000));
        await house.MoveAllAsync(house.Spool.End);
        Assert.That((house.Disk.SegmentFlushes, house.Disk.CursorFlushes), Is.EqualTo((0, 1)), "only that the spool is open must be on the disk");
        await house.Spool.DisposeAsync();
        Assert.That(house.Disk.SegmentFlushes, Is.EqualTo(1));
    }
}
