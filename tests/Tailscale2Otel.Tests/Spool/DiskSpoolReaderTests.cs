using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool;

public sealed class DiskSpoolReaderTests
{
    [Test]
    public async Task Follows_while_others_append()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 64 * 1024 * 1024;
        house.Open();
        const int appenders = 4;
        const int each = 300;
        var appending = Enumerable.Range(0, appenders).Select(a => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                Assert.That((await house.AppendAsync($"{a}:{i}", $"{a}:{i}b" + new string('x', i))).Outcome, Is.EqualTo(AppendOutcome.Durable));
        })).ToArray();

        using var reader = house.Spool.Read(SpoolPosition.Start);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        List<string> found = [];
        while (found.Count < appenders * each * 2)
        {
            found.AddRange(SpoolHarness.ReadAll(reader));
            if (found.Count < appenders * each * 2)
                await reader.WaitAsync(patience.Token);
        }

        await Task.WhenAll(appending);
        Assert.That(reader.Position, Is.EqualTo(house.Spool.End));
        for (var a = 0; a < appenders; a++)
        {
            var own = found.Where(f => f.StartsWith($"{a}:", StringComparison.Ordinal)).Select(f => f.TrimEnd('x'));
            Assert.That(own, Is.EqualTo(Enumerable.Range(0, each).SelectMany(i => new[] { $"{a}:{i}", $"{a}:{i}b" })));
        }
    }

    [Test]
    public async Task Waits_until_something_is_there_and_can_be_called_off()
    {
        await using var house = new SpoolHarness();
        house.Open();
        using var reader = house.Spool.Read(SpoolPosition.Start);
        using var cancellation = new CancellationTokenSource();
        var wait = reader.WaitAsync(cancellation.Token).AsTask();
        Assert.That(wait.IsCompleted, Is.False);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => wait);

        wait = reader.WaitAsync(default).AsTask();
        await house.AppendAsync("x");
        await wait;
        Assert.That(reader.TryRead(out _));
        wait = reader.WaitAsync(default).AsTask();
        await house.Spool.DisposeAsync();
        Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
    }

    [Test]
    public async Task Fetches_one_frame_at_its_position()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 30; i++)
            await house.AppendAsync(i + new string('x', 9_000));
        foreach (var (position, _, payload) in house.Frames())
        {
            using var reader = house.Spool.Read(position);
            Assert.That(reader.TryRead(out var record));
            Assert.That((record.Position, Encoding.UTF8.GetString(record.Payload)), Is.EqualTo((position, payload)));
        }
    }

    [Test]
    public async Task Frames_larger_than_the_buffer_come_whole_between_small_ones()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 64 * 1024 * 1024;
        house.Options.SegmentBytes = 16 * 1024 * 1024;
        house.Open();
        string[] payloads = ["small", new('a', 700_000), "small too", new('b', 3_000_000), new('c', 262_144), "last"];
        await house.AppendAsync(payloads);
        Assert.That(house.ReadAll(), Is.EqualTo(payloads));
    }

    [Test]
    public async Task A_flipped_bit_anywhere_in_a_frame_costs_that_frame_alone()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await house.AppendAsync("second");
        await house.AppendAsync("third");
        var hurt = house.Frames()[1];
        for (var at = hurt.Position.Value; at < hurt.Next.Value; at++)
        {
            await using var left = house.Crash();
            SpoolHarness.Flip(left.LastSegment, SpoolHarness.HeaderBytes + at);
            left.Open();
            Assert.That(left.ReadAll(), Is.EqualTo(new[] { "first", "third" }));
            Assert.That(left.Log.Says($"(frame) in segment {Path.GetFileName(left.LastSegment)} from position {hurt.Position} to {hurt.Next}"));
            var copy = Path.Combine(left.Folder, "damaged", $"{hurt.Position.Value:D19}-{hurt.Next.Value:D19}.bin");
            Assert.That(new FileInfo(copy).Length, Is.EqualTo(hurt.Next.Value - hurt.Position.Value));
        }
    }

    [Test]
    public async Task A_frame_that_a_sender_put_into_a_payload_is_never_read_behind_damage()
    {
        await using var house = new SpoolHarness();
        house.Open();
        using var forged = new SpoolAppend();
        forged.Add(RecordSource.Stream, RecordSignal.Audit, "victim", 0, default, "forged"u8);
        forged.Place(200, 0);
        using var batch = new SpoolAppend();
        batch.Add(RecordSource.Stream, RecordSignal.RawLine, "", 0, default, Enumerable.Repeat(forged.Frames.ToArray(), 50).SelectMany(f => f).ToArray());
        await house.Spool.AppendAsync(batch, default);
        await house.AppendAsync("after");
        await using var left = house.Crash();
        SpoolHarness.Flip(left.LastSegment, SpoolHarness.HeaderBytes + 20);
        left.Open();
        Assert.That(left.ReadAll(), Is.EqualTo(new[] { "after" }));
    }

    [Test]
    public async Task A_segment_that_is_gone_or_shortened_is_passed_and_reported()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 15; i++)
            await house.AppendAsync(i.ToString("D2") + new string('x', 20_000));
        var frames = house.Frames();
        await using var left = house.Crash();
        SpoolHarness.Cut(left.Segments[2], 50_000);
        File.Delete(left.Segments[1]);
        left.Open();
        Assert.That(left.ReadAll().Select(p => p[..2]), Is.EqualTo(new[] { "00", "01", "02", "06", "07", "09", "10", "11", "12", "13", "14" }));
        Assert.That(left.Log.Says($"from position {frames[3].Position} to {frames[6].Position}"));
        Assert.That(left.Log.Says($"(frame) in segment {frames[6].Position.Value:D19}.seg from position {frames[8].Position}"));
    }

    [Test]
    public async Task A_segment_deleted_under_a_running_reader_is_passed()
    {
        await using var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 12; i++)
            await house.AppendAsync(i.ToString("D2") + new string('x', 20_000));
        using var reader = house.Spool.Read(SpoolPosition.Start);
        Assert.That(reader.TryRead(out _));
        File.Delete(house.Segments[1]);
        Assert.That(SpoolHarness.ReadAll(reader).Select(p => p[..2]), Is.EqualTo(new[] { "01", "02", "06", "07", "08", "09", "10", "11" }));
        Assert.That(house.Log.Says("missing"));
    }

    [Test]
    public async Task A_moment_in_which_the_disk_does_not_read_passes_nothing()
    {
        await using var house = await FilledAsync();
        using var reader = house.Spool.Read(SpoolPosition.Start);
        house.Disk.FailReads = true;
        for (var second = 0; second < 60; second++)
        {
            Assert.That((reader.TryRead(out _), reader.IsBlocked, reader.Position), Is.EqualTo((false, true, SpoolPosition.Start)));
            var wait = reader.WaitAsync(default).AsTask();
            Assert.That(wait.IsCompleted, Is.False);
            house.Time.Advance(TimeSpan.FromSeconds(1));
            await wait;
        }

        house.Disk.FailReads = false;
        Assert.That(SpoolHarness.ReadAll(reader).Select(NumberOf), Is.EqualTo(Enumerable.Range(0, Filled)));
        Assert.That(reader.IsBlocked, Is.False);
        Assert.That(house.Log.Entries.Count(e => e.Text.Contains("cannot be read at position 0, trying again: bad sector", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(house.Log.Says("damaged"), Is.False);
    }

    [Test]
    public async Task A_disk_that_gives_nothing_is_waited_for_without_end()
    {
        await using var house = await FilledAsync();
        using var reader = house.Spool.Read(SpoolPosition.Start);
        house.Disk.IsAway = true;
        for (var minute = 0; minute < 60; minute++)
        {
            Assert.That((reader.TryRead(out _), reader.IsBlocked, reader.Position), Is.EqualTo((false, true, SpoolPosition.Start)));
            house.Time.Advance(TimeSpan.FromMinutes(1));
        }

        house.Disk.IsAway = false;
        Assert.That(SpoolHarness.ReadAll(reader).Select(NumberOf), Is.EqualTo(Enumerable.Range(0, Filled)));
        Assert.That(house.Log.Says("damaged"), Is.False);
    }

    [Test]
    public async Task Bad_sectors_cost_a_minute_and_the_frames_on_them()
    {
        await using var house = await FilledAsync();
        var frames = house.Frames();
        var segment = Path.GetFileName(house.Segments[0]);
        foreach (var (from, to) in new[] { (8192, 16_384), (24_576, 28_672) })
            house.Disk.BadSectors.Add((segment, from, to));
        var lost = frames.Select((f, i) => (Number: i, From: SpoolHarness.HeaderBytes + f.Position.Value, To: SpoolHarness.HeaderBytes + f.Next.Value))
            .Where(f => (f.From < 16_384 && f.To > 8192) || (f.From < 28_672 && f.To > 24_576))
            .Select(f => f.Number).ToArray();
        using var reader = house.Spool.Read(SpoolPosition.Start);
        var before = SpoolHarness.ReadAll(reader);
        Assert.That((reader.IsBlocked, reader.Position), Is.EqualTo((true, frames[lost[0]].Position)));

        house.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((reader.TryRead(out _), reader.IsBlocked), Is.EqualTo((false, true)));
        house.Time.Advance(TimeSpan.FromSeconds(1));
        var behind = SpoolHarness.ReadAll(reader);
        Assert.That(before.Concat(behind).Select(NumberOf), Is.EqualTo(Enumerable.Range(0, Filled).Except(lost)));
        Assert.That(house.Log.Entries.Count(e => e.Text.Contains($"(unreadable) in segment {segment}", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task A_segment_whose_end_is_unreadable_is_left_behind_after_a_minute()
    {
        await using var house = await FilledAsync();
        var next = house.Frames().Find(f => f.Position.Value >= new FileInfo(house.Segments[0]).Length - SpoolHarness.HeaderBytes);
        house.Disk.BadSectors.Add((Path.GetFileName(house.Segments[0]), 4096, long.MaxValue));
        using var reader = house.Spool.Read(SpoolPosition.Start);
        SpoolHarness.ReadAll(reader);
        house.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(reader.TryRead(out var record));
        Assert.That(record.Position, Is.EqualTo(next.Position));
    }

    [Test]
    public async Task A_frame_behind_damage_that_the_disk_does_not_give_now_is_waited_for()
    {
        await using var house = await FilledAsync();
        var frames = house.Frames();
        SpoolHarness.Flip(house.Segments[0], SpoolHarness.HeaderBytes + frames[3].Position.Value + 40);
        // From the second byte of the next frame's marker on.
        house.Disk.BadSectors.Add((Path.GetFileName(house.Segments[0]), SpoolHarness.HeaderBytes + frames[4].Position.Value + 1, long.MaxValue));
        using var reader = house.Spool.Read(SpoolPosition.Start);
        Assert.That(SpoolHarness.ReadAll(reader), Has.Count.EqualTo(3));
        Assert.That(reader.IsBlocked);

        house.Disk.BadSectors.Clear();
        Assert.That(SpoolHarness.ReadAll(reader).Select(NumberOf), Is.EqualTo(Enumerable.Range(4, Filled - 4)));
    }

    [Test]
    public async Task A_disk_that_comes_back_when_it_was_waited_for_long_enough_loses_nothing()
    {
        await using var house = await FilledAsync();
        using var reader = house.Spool.Read(SpoolPosition.Start);
        house.Disk.FailReads = true;
        Assert.That(reader.TryRead(out _), Is.False);
        house.Time.Advance(TimeSpan.FromMinutes(2));
        house.Disk.FailReads = false;
        Assert.That(SpoolHarness.ReadAll(reader), Has.Count.EqualTo(Filled));
    }

    [Test]
    public async Task Reading_allocates_nothing_a_frame()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 64 * 1024 * 1024;
        house.Options.SegmentBytes = 32 * 1024 * 1024;
        house.Open();
        for (var i = 0; i < 10; i++)
            await house.AppendAsync([.. Enumerable.Range(0, 1000).Select(n => $"record {n}")]);
        using var reader = house.Spool.Read(SpoolPosition.Start);
        Drain(reader, 2000);
        Assert.That(Allocations.Least(() => Assert.That(Drain(reader, 1400), Is.EqualTo(1400))), Is.LessThan(1400));
    }

    const int Filled = 200;

    /// <summary>Small frames, several to a disk block, in several segments; each begins with its number.</summary>
    static async Task<SpoolHarness> FilledAsync()
    {
        var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < Filled / 10; i++)
            await house.AppendAsync([.. Enumerable.Range(i * 10, 10).Select(n => $"{n} {new string('x', 1000)}")]);
        Assert.That(house.Segments, Has.Length.GreaterThan(2));
        return house;
    }

    static int NumberOf(string payload) => int.Parse(payload.AsSpan(0, payload.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Drain(SpoolReader reader, int most)
    {
        var read = 0;
        while (read < most && reader.TryRead(out var record) && record.Tailnet.Length > 0)
            read++;
        return read;
    }
}
