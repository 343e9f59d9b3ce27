using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Tests.Spool.Inspection;

public sealed partial class SpoolInspectorTests
{
    [Test]
    public async Task A_torn_tail_is_told_and_is_no_damage_wherever_it_was_torn()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        await house.AppendAsync("second");
        var whole = house.Spool.End.Value;
        await house.AppendAsync("third", "with its fourth");
        var end = house.Spool.End.Value;

        for (var cut = whole + 1; cut < end; cut++)
        {
            await using var left = house.Crash();
            SpoolHarness.Cut(left.LastSegment, SpoolHarness.HeaderBytes + cut);
            var (snapshot, census) = left.LookAt();
            Assert.That(snapshot.Damage.Words(), Is.Empty, $"cut at {cut}");
            Assert.That(snapshot.Tail, Is.EqualTo(new DamagedRange(SpoolDamage.TornTail, Path.GetFileName(left.LastSegment), whole, cut, "")));
            Assert.That((snapshot.End, census.Records), Is.EqualTo((whole, 2)));
        }
    }

    [Test]
    public async Task A_tail_larger_than_what_is_read_at_first_is_found_too()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 64 * 1024 * 1024;
        house.Options.SegmentBytes = 16 * 1024 * 1024;
        house.Open();
        await house.AppendAsync("first");
        var whole = house.Spool.End.Value;
        await house.AppendAsync(new string('x', 3_000_000), "last");
        await using var left = house.Crash();
        SpoolHarness.Cut(left.LastSegment, new FileInfo(left.LastSegment).Length - 5);

        var (snapshot, _) = left.LookAt();

        Assert.That((snapshot.End, snapshot.Tail!.Value.From), Is.EqualTo((whole, whole)));
        Assert.That(snapshot.Payloads(), Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public async Task What_a_cursor_has_passed_is_damage_when_the_tail_is_torn_before_it()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        var whole = house.Spool.End.Value;
        await house.AppendAsync("second");
        var end = house.Spool.End.Value;
        await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);

        await using var flipped = house.Crash();
        SpoolHarness.Flip(flipped.LastSegment, SpoolHarness.HeaderBytes + end - 2);
        var name = Path.GetFileName(flipped.LastSegment);
        Assert.That(flipped.LookAt().Snapshot.Damage.Words(), Is.EqualTo(new[] { $"frame {name} {whole}-{end}" }));

        await using var cut = house.Crash();
        SpoolHarness.Cut(cut.LastSegment, SpoolHarness.HeaderBytes + end - 2);
        Assert.That(cut.LookAt().Snapshot.Damage.Words(), Is.EqualTo(new[] { $"frame {name} {whole}-{end - 2}", $"missing {name} {end - 2}-{end}" }));
    }

    [Test]
    public async Task What_a_closed_spool_held_is_damage_though_no_cursor_was_there()
    {
        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync("first");
        var whole = house.Spool.End.Value;
        await house.AppendAsync("second");
        var end = house.Spool.End.Value;
        await house.Spool.DisposeAsync();
        SpoolHarness.Flip(house.LastSegment, SpoolHarness.HeaderBytes + end - 2);

        var (snapshot, _) = house.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"frame {Path.GetFileName(house.LastSegment)} {whole}-{end}" }));
        Assert.That(snapshot.Tail, Is.Null);
    }

    [Test]
    public async Task A_flipped_bit_anywhere_in_a_frame_is_told_with_its_extent()
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
            var (snapshot, census) = left.LookAt();
            Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"frame {Path.GetFileName(left.LastSegment)} {hurt.Position}-{hurt.Next}" }));
            Assert.That(census.Records, Is.EqualTo(2));
        }
    }

    // 32 bytes of header, 11 of tailnet, 12 of metadata, 20,001 of payload; three to a segment.
    [TestCase(0, "missing 0000000000000060168.seg 0-60168")]
    [TestCase(1, "missing 0000000000000000000.seg 60168-120336")]
    [TestCase(2, "missing 0000000000000060168.seg 120336-180504")]
    public async Task A_deleted_segment_is_missing(int deleted, string damage)
    {
        await using var house = await Looking.FilledAsync();
        if (deleted == 2)
            await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);
        await using var left = house.Crash();
        File.Delete(left.Segments[deleted]);

        var (snapshot, census) = left.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { damage }));
        Assert.That(census.Records, Is.EqualTo(6));
    }

    [Test]
    public async Task All_segments_deleted_are_missing_from_the_lowest_cursor_on()
    {
        await using var house = await Looking.FilledAsync();
        var end = house.Spool.End.Value;
        await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);
        await using var left = house.Crash();
        foreach (var segment in left.Segments)
            File.Delete(segment);

        Assert.That(left.LookAt().Snapshot.Damage.Words(), Is.EqualTo(new[] { $"missing cursors 0-{end}" }));
    }

    [TestCase(0)]
    [TestCase(39)]
    public async Task A_segment_of_no_length_is_told_with_what_is_missing(int length)
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        var second = Path.GetFileName(left.Segments[1]);
        SpoolHarness.Cut(left.Segments[1], length);

        var (snapshot, census) = left.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"empty_segment {second} 60168-60168", $"missing {Path.GetFileName(left.Segments[0])} 60168-120336" }));
        Assert.That(census.Records, Is.EqualTo(6));
    }

    [Test]
    public async Task The_newest_segment_may_be_empty_while_the_daemon_runs_and_not_afterwards()
    {
        await using var house = await Looking.FilledAsync();
        var next = SegmentHeader.NameOf(house.Spool.End.Value);
        File.Create(Path.Combine(house.Folder, next)).Dispose();
        Assert.That(house.LookAt().Snapshot.Damage.Words(), Is.Empty);

        await using var left = house.Crash();
        Assert.That(left.LookAt().Snapshot.Damage.Words(), Is.EqualTo(new[] { $"empty_segment {next} {house.Spool.End}-{house.Spool.End}" }));
    }

    [Test]
    public async Task A_shortened_segment_is_missing_its_end()
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        SpoolHarness.Cut(left.Segments[0], SpoolHarness.HeaderBytes + 50_000);

        var (snapshot, census) = left.LookAt();

        var name = Path.GetFileName(left.Segments[0]);
        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"missing {name} 50000-60168", $"frame {name} 40112-50000" }));
        Assert.That(census.Records, Is.EqualTo(8));
    }

    [Test]
    public async Task A_lost_header_costs_no_record()
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        SpoolHarness.Flip(left.Segments[1], 20);

        var (snapshot, census) = left.LookAt();

        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"segment_header {Path.GetFileName(left.Segments[1])} 60168-60168" }));
        Assert.That(census.Records, Is.EqualTo(9));
    }

    [TestCase(0)]
    [TestCase(30)]
    [TestCase(63)]
    public async Task Truncated_cursors_are_told_and_the_records_are_read_all_the_same(int length)
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        SpoolHarness.Cut(Path.Combine(left.Folder, "cursors"), length);

        var (snapshot, census) = left.LookAt();

        Assert.That(snapshot.Cursors, Is.Null);
        Assert.That(snapshot.Damage.Ranges.Single().Text, Does.StartWith("the file is damaged"));
        Assert.That(census.Records, Is.EqualTo(9));
    }

    [Test]
    public async Task Cursors_that_are_gone_are_told()
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        File.Delete(Path.Combine(left.Folder, "cursors"));

        Assert.That(left.LookAt().Snapshot.Damage.Ranges.Single().Text, Does.StartWith("the file is missing"));
    }

    [Test]
    public async Task A_cursor_beyond_the_end_says_what_is_missing()
    {
        await using var house = await Looking.FilledAsync();
        var end = house.Spool.End.Value;
        var beyond = new CursorState(end + 500, 0, 0, SpoolInspector.Look(house.Folder, house.Time).Segments[0].Salt, CursorState.Open, 0);
        await using var left = house.Crash();
        var slot = new byte[CursorState.Size];
        beyond.Write(slot, 1_000);
        await using (var file = File.OpenWrite(Path.Combine(left.Folder, "cursors")))
            await file.WriteAsync(slot);

        Assert.That(left.LookAt().Snapshot.Damage.Words(), Is.EqualTo(new[] { $"missing {Path.GetFileName(left.LastSegment)} {end}-{end + 500}" }));
    }

    [Test]
    public async Task Places_that_the_disk_does_not_give_are_unreadable()
    {
        await using var house = await Looking.FilledAsync();
        var snapshot = new SpoolInspector(house.Disk, house.Time).Take();
        house.Disk.FailReads = true;

        Assert.That(snapshot.Payloads(), Is.Empty);
        Assert.That(snapshot.Damage.Ranges.Select(r => r.Reason).Distinct(), Is.EqualTo(new[] { SpoolDamage.Unreadable }));
        Assert.That(snapshot.Damage.Ranges.Sum(r => r.Bytes), Is.EqualTo(snapshot.BytesFrom(0)));
    }

    [Test]
    public async Task A_segment_that_cannot_be_opened_is_passed_as_unreadable()
    {
        await using var house = await Looking.FilledAsync();
        await using var left = house.Crash();
        var snapshot = SpoolInspector.Look(left.Folder, left.Time);
        var second = left.Segments[1];
        File.Delete(second);
        // A link to itself cannot be followed, by no user.
        File.CreateSymbolicLink(second, second);

        Assert.That(snapshot.Payloads(), Has.Count.EqualTo(6));
        Assert.That(snapshot.Damage.Words(), Is.EqualTo(new[] { $"unreadable {Path.GetFileName(second)} 60168-120336" }));
    }
}
