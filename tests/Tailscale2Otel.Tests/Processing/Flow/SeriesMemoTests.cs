using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class SeriesMemoTests
{
    static readonly Likeness Known = Like();

    readonly SeriesMemo _memo = new();

    [Test]
    public void Finds_what_was_put_until_it_is_cleared()
    {
        var series = new FlowSeries(1, new RollupRow(2, isFolded: true));
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
            Like(source: new EndId(EndKind.Device, 4)), Like(source: new EndId(EndKind.Described, 3)), Like(destination: new EndId(EndKind.Unknown)),
            Like(service: 8), Like(protocol: 17), Like(protocol: FlowRow.UnknownProtocol), Like(type: TrafficType.Exit),
        ];

        Assert.That(others.Where(o => _memo.TryGet(o, out _)), Is.Empty);
    }

    [Test]
    public void An_end_that_is_like_no_other_is_not_found_again()
    {
        var alone = Like(destination: new EndId(EndKind.Alone, 1));
        _memo.Put(alone, default);
        _memo.Put(default, default);

        Assert.That(_memo.TryGet(alone, out _), Is.False);
        Assert.That(_memo.TryGet(default, out _), Is.False);
    }

    [TestCase(30, 30, 90)]
    [TestCase(50, 50, 80)]
    [TestCase(70, 70, 70)]
    [TestCase(200, 10, 80)]
    [TestCase(3, 900, 80)]
    public void Likenesses_get_slots_of_their_own(int sources, int destinations, int percent)
    {
        var likenesses = (from source in Enumerable.Range(0, sources) from destination in Enumerable.Range(0, destinations) select Mesh(source, destination)).ToList();
        foreach (var likeness in likenesses)
            _memo.Put(likeness, default);

        Assert.That(likenesses.Count(l => _memo.TryGet(l, out _)) * 100 / likenesses.Count, Is.AtLeast(percent));
    }

    static Likeness Mesh(int source, int destination) => Like(new EndId(EndKind.Device, (ulong)source), new EndId(EndKind.Device, (ulong)destination));

    static Likeness Like(EndId? source = null, EndId? destination = null, ushort service = 7, short protocol = 6, TrafficType type = TrafficType.Virtual) =>
        new(source ?? new EndId(EndKind.Device, 3), destination ?? new EndId(EndKind.External), service, protocol, type);
}
