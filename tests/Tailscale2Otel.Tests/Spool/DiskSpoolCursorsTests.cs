using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Spool;

public sealed class DiskSpoolCursorsTests
{
    [Test]
    public async Task A_move_is_on_disk_when_its_task_ends()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("a", "b", "c");
        var frames = house.Frames();
        await house.Spool.Cursors.DeliverAsync(frames[0].Next, default);
        await house.Spool.Cursors.CountAsync(frames[1].Next, default);
        await house.Spool.Cursors.KeyAsync(frames[2].Next, default);
        await using var left = house.Crash();
        left.Open();
        Assert.That((left.Spool.Cursors.Delivered, left.Spool.Cursors.Counted, left.Spool.Cursors.Keyed),
            Is.EqualTo((frames[0].Next, frames[1].Next, frames[2].Next)));
    }

    [Test]
    public async Task Both_slots_have_their_place_before_the_disk_can_be_full()
    {
        await using var house = new SpoolHarness();
        house.Open();
        var before = new FileInfo(Path.Combine(house.Folder, "cursors")).Length;
        await house.AppendAsync("a", "b");
        foreach (var frame in house.Frames())
            await house.Spool.Cursors.DeliverAsync(frame.Next, default);

        Assert.That(new FileInfo(Path.Combine(house.Folder, "cursors")).Length, Is.EqualTo(before));
    }

    [Test]
    public async Task A_cursor_never_moves_back()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("a", "b");
        var frames = house.Frames();
        await house.Spool.Cursors.DeliverAsync(frames[1].Next, default);
        await house.Spool.Cursors.DeliverAsync(frames[0].Next, default);
        Assert.That(house.Spool.Cursors.Delivered, Is.EqualTo(frames[1].Next));
    }

    [Test]
    public async Task Moves_that_come_while_one_is_written_share_the_next_write()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync([.. Enumerable.Range(0, 200).Select(i => $"{i}")]);
        var frames = house.Frames();
        await house.Spool.Cursors.KeyAsync(frames[0].Next, default);
        var before = house.Disk.CursorFlushes;
        house.Disk.FailCursors = true;
        var moves = frames.Select(f => house.Spool.Cursors.DeliverAsync(f.Next, default).AsTask()).ToList();
        Assert.That(SpinWait.SpinUntil(() => house.Log.Says("cannot be written"), TimeSpan.FromSeconds(20)));
        Assert.That(moves.Exists(m => m.IsCompleted), Is.False);
        Assert.That(house.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start), "what is not on disk is not said");
        Assert.That(SpinWait.SpinUntil(() => house.Time.ActiveTimers == 2, TimeSpan.FromSeconds(20)));
        house.Disk.FailCursors = false;
        house.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(moves);
        Assert.That(house.Disk.CursorFlushes - before, Is.LessThanOrEqualTo(2));
        Assert.That(house.Spool.Cursors.Delivered, Is.EqualTo(frames[^1].Next));
    }

    [Test]
    public async Task Closing_gives_up_on_a_cursor_that_cannot_be_written()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("a");
        house.Disk.FailCursors = true;
        var move = house.Spool.Cursors.DeliverAsync(house.Spool.End, default).AsTask();
        await house.Spool.DisposeAsync();
        Assert.CatchAsync<OperationCanceledException>(() => move);
    }

    [Test]
    public async Task A_cursor_cannot_pass_the_end()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("a");
        Assert.CatchAsync<ArgumentOutOfRangeException>(async () => await house.Spool.Cursors.DeliverAsync(new SpoolPosition(house.Spool.End.Value + 1), default));
    }
}
