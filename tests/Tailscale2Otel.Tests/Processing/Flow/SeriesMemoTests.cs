using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class SeriesMemoTests
{
    static readonly Likeness Known = new(new EndId(EndKind.Device, 3), new EndId(EndKind.External), 7, 6, TrafficType.Virtual);

    readonly SeriesMemo _memo = new();

    [Test]
    public void Finds_what_was_put_until_it_is_cleared()
    {
        var series = new FlowSeries(1, new RollupRow(2, IsFolded: true));
        _memo.Put(Known, series);

        Assert.That((_memo.TryGet(Known, out var found), found), Is.EqualTo((true, series)));

        _memo.Clear();
        Assert.That(_memo.TryGet(Known, out _), Is.False);
    }

    [Test]
    public void Tells_apart_what_differs_in_anything()
    {
        _memo.Put(Known, default);
        Likeness[] others =
        [
            Known with { Source = new EndId(EndKind.Device, 4) }, Known with { Source = new EndId(EndKind.Described, 3) }, Known with { Destination = new EndId(EndKind.Unknown) },
            Known with { Service = 8 }, Known with { Protocol = 17 }, Known with { Type = TrafficType.Exit },
        ];

        Assert.That(others.Where(o => _memo.TryGet(o, out _)), Is.Empty);
    }

    [Test]
    public void An_end_that_is_like_no_other_is_not_found_again()
    {
        var alone = Known with { Destination = new EndId(EndKind.Alone, 1) };
        _memo.Put(alone, default);
        _memo.Put(default, default);

        Assert.That(_memo.TryGet(alone, out _), Is.False);
        Assert.That(_memo.TryGet(default, out _), Is.False);
    }

    [Test]
    public void Likenesses_get_slots_of_their_own()
    {
        for (var i = 0UL; i < 1000; i++)
            _memo.Put(Known with { Source = new EndId(EndKind.Device, i % 30), Destination = new EndId(EndKind.Device, i / 30) }, default);

        var kept = Enumerable.Range(0, 1000).Count(i => _memo.TryGet(Known with { Source = new EndId(EndKind.Device, (ulong)i % 30), Destination = new EndId(EndKind.Device, (ulong)i / 30) }, out _));
        Assert.That(kept, Is.GreaterThan(800));
    }
}
