using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Spool;

public sealed class SegmentSweeperTests
{
    static readonly string Record = new('x', 20_000);

    [Test]
    public async Task Delivered_segments_stay_for_the_retention_and_then_go()
    {
        await using var house = await FilledAsync();
        await house.MoveAllAsync(house.Spool.End);
        house.Time.Advance(TimeSpan.FromHours(23));
        await house.SettleAsync();
        Assert.That(house.Frames()[0].Position, Is.EqualTo(SpoolPosition.Start));
        house.Time.Advance(TimeSpan.FromHours(2));
        await house.SettleAsync();
        Assert.That(house.Spool.Oldest, Is.GreaterThan(SpoolPosition.Start));
        Assert.That(house.ReadAll(), Is.EqualTo(new[] { "settle", "settle" }), "the records of a day ago are gone, those of two hours ago are not");
        Assert.That(house.Segments, Has.Length.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task What_any_cursor_still_needs_stays_however_old(int slowest)
    {
        await using var house = await FilledAsync();
        var frames = house.Frames();
        var held = frames[5].Position;
        var end = house.Spool.End;
        await house.Spool.Cursors.DeliverAsync(slowest == 0 ? held : end, default);
        await house.Spool.Cursors.CountAsync(slowest == 1 ? held : end, default);
        await house.Spool.Cursors.KeyAsync(slowest == 2 ? held : end, default);
        house.Time.Advance(TimeSpan.FromDays(30));
        await house.SettleAsync();
        Assert.That(house.Spool.Oldest, Is.LessThanOrEqualTo(held));
        Assert.That(house.Spool.Oldest, Is.EqualTo(frames[3].Position), "and what lies in the segments before does not");
    }

    [Test]
    public async Task Delivered_segments_go_early_when_the_spool_is_at_its_size()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 200_000;
        house.Open();
        for (var i = 0; i < 50; i++)
        {
            await house.AppendAsync(Record);
            await house.MoveAllAsync(house.Spool.End);
        }

        Assert.That(house.Segments.Sum(s => new FileInfo(s).Length), Is.LessThanOrEqualTo(200_000));
        Assert.That(house.Segments, Has.Length.GreaterThan(1));
    }

    [Test]
    public async Task The_retention_begins_anew_from_the_files_times_after_a_restart()
    {
        await using var house = await FilledAsync();
        await house.MoveAllAsync(house.Spool.End);
        await house.Spool.DisposeAsync();
        foreach (var file in house.Segments)
            File.SetLastWriteTimeUtc(file, house.Time.GetUtcNow().UtcDateTime.AddHours(-25));
        house.Open();
        house.Time.Advance(TimeSpan.FromMinutes(1));
        await house.SettleAsync();
        Assert.That(house.Segments, Has.Length.EqualTo(1));
    }

    static async Task<SpoolHarness> FilledAsync()
    {
        var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 10; i++)
            await house.AppendAsync(Record);
        return house;
    }
}
