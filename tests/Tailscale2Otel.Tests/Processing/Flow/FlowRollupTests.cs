using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

public sealed class FlowRollupTests
{
    const string Name = "t.io.rollup";

    MeterReadings _readings;

    [SetUp]
    public void SetUp() => _readings = new MeterReadings();

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void Keeps_the_busiest_and_folds_the_rest()
    {
        var rollup = Rollup(topN: 2);
        Add(rollup, "a", 10);
        Add(rollup, "b", 30);
        Add(rollup, "c", 20);
        Add(rollup, "d", 5);
        rollup.Freeze();

        Assert.That(Sent(), Is.EqualTo(new Dictionary<string, long> { ["b"] = 30, ["c"] = 20, ["__other__"] = 15 }));
    }

    [Test]
    public void Equally_busy_ones_are_kept_in_the_order_of_their_names_however_they_came()
    {
        foreach (var order in new[] { "abcd", "dcba", "cadb" })
        {
            using var readings = new MeterReadings();
            var rollup = RollupOn(readings, topN: 2);
            foreach (var name in order)
                Add(rollup, name.ToString(), 10);
            rollup.Freeze();
            Assert.That(Sent(readings).Keys, Is.EquivalentTo(new[] { "a", "b", "__other__" }), order);
        }
    }

    [Test]
    public void Each_interval_has_its_own_busiest_and_totals_grow()
    {
        var rollup = Rollup(topN: 1);
        Add(rollup, "a", 10);
        Add(rollup, "b", 1);
        rollup.Freeze();
        Add(rollup, "a", 1);
        Add(rollup, "b", 10);
        rollup.Freeze();
        Assert.That(Sent(), Is.EqualTo(new Dictionary<string, long> { ["a"] = 10, ["b"] = 10, ["__other__"] = 2 }));

        rollup.Freeze();
        Assert.That(Sent(), Is.EqualTo(new Dictionary<string, long> { ["a"] = 10, ["b"] = 10, ["__other__"] = 2 }));
    }

    [Test]
    public void A_fold_keeps_transport_type_service_path_and_region_and_drops_who()
    {
        var rollup = Rollup(topN: 1, dimensions: new FlowDimensions { IdentityDims = true });
        Add(rollup, "busy", 1000);
        AddConnection(rollup, new FlowConnection
        {
            Type = TrafficType.Physical,
            Transport = "udp"u8,
            SourceNode = "a"u8,
            DestinationNode = "b"u8,
            Service = "https"u8,
            Path = "derp"u8,
            DerpRegion = "7"u8,
            SourceUser = "ada"u8,
            DestinationTags = "tag:db"u8,
            DestinationOs = "linux"u8,
            TxBytes = 3,
        });
        rollup.Freeze();

        Assert.That(_readings.Observe(Name).Keys, Has.Member(
            "network.io.direction=transmit,network.transport=udp,tailscale.derp.region_id=7,tailscale.dst.node=__other__," +
            "tailscale.dst.service=https,tailscale.path=derp,tailscale.src.node=__other__,tailscale.traffic_type=physical"));
    }

    [Test]
    public void Combinations_beyond_the_live_limit_are_folded_as_they_come()
    {
        var rollup = Rollup(topN: FlowRollup.LiveKeys + 1000, seriesLimit: 100_000);
        for (var i = 0; i < FlowRollup.LiveKeys + 100; i++)
            Add(rollup, $"n{i}", 1);
        rollup.Freeze();

        var sent = Sent();
        Assert.That(sent, Has.Count.EqualTo(FlowRollup.LiveKeys + 1));
        Assert.That(sent["__other__"], Is.EqualTo(100));
    }

    [Test]
    public void When_the_totals_are_full_new_busy_ones_are_folded_and_known_ones_go_on()
    {
        var rollup = Rollup(topN: 10, seriesLimit: 41);
        for (var interval = 0; interval < 10; interval++)
        {
            Add(rollup, "always", 1000);
            for (var i = 0; i < 9; i++)
                Add(rollup, $"n{interval}-{i}", 1);
            rollup.Freeze();
        }

        var sent = Sent();
        Assert.That(_readings.Observe(Name), Has.Count.LessThanOrEqualTo(41));
        Assert.That(sent["always"], Is.EqualTo(10_000));
        Assert.That(sent.Values.Sum(), Is.EqualTo(10_090));
        Assert.That(sent["__other__"], Is.GreaterThan(0));
    }

    [Test]
    public void What_is_reported_always_sums_up_to_what_was_added_and_never_shrinks()
    {
        var additions = ArbMap.Default.GeneratorFor<(byte Source, byte Destination, byte Service, ushort Bytes)>().ListOf();
        var intervals = additions.ListOf().ToArbitrary();
        Prop.ForAll(intervals, SumsAgree).QuickCheckThrowOnFailure();
    }

    static void SumsAgree(IList<List<(byte Source, byte Destination, byte Service, ushort Bytes)>> intervals)
    {
        using var readings = new MeterReadings();
        var rollup = RollupOn(readings, topN: 3, seriesLimit: 30);
        var keys = new FlowMetricKey(new FlowDimensions());
        long added = 0;
        var previous = new SortedDictionary<string, long>();
        foreach (var interval in intervals)
        {
            foreach (var (source, destination, service, bytes) in interval)
            {
                var connection = new FlowConnection
                {
                    Type = (TrafficType)(source % 4),
                    Transport = "tcp"u8,
                    SourceNode = Text(source),
                    DestinationNode = Text(destination),
                    Service = service % 3 == 0 ? default : Text((byte)(service % 8)),
                    TxBytes = bytes,
                    RxBytes = 1,
                };
                rollup.Add(rollup.Row(keys.Rollup(connection)), connection);
                added += bytes + 1;
            }

            rollup.Freeze();
            var now = readings.Observe(Name);
            Assert.That(now.Values.Sum(), Is.EqualTo(added));
            Assert.That(previous.All(p => now.GetValueOrDefault(p.Key) >= p.Value), Is.True, "a series shrank");
            Assert.That(now, Has.Count.LessThanOrEqualTo(30));
            previous = now;
        }
    }

    static byte[] Text(byte value) => Encoding.ASCII.GetBytes($"n{value}");

    FlowRollup Rollup(int topN, int seriesLimit = 1000, FlowDimensions? dimensions = null) => RollupOn(_readings, topN, seriesLimit, dimensions);

    static FlowRollup RollupOn(MeterReadings readings, int topN, int seriesLimit = 1000, FlowDimensions? dimensions = null) => new(
        new FlowMetricKey(dimensions ?? new FlowDimensions()),
        new FlowTrafficMetric(readings.Meter, "t", ".rollup", FlowMetricKey.RollupAttributes, seriesLimit),
        topN);

    static void Add(FlowRollup rollup, string source, ulong bytes) =>
        AddConnection(rollup, new FlowConnection { Type = TrafficType.Virtual, Transport = "tcp"u8, SourceNode = Encoding.UTF8.GetBytes(source), TxBytes = bytes });

    static void AddConnection(FlowRollup rollup, in FlowConnection connection) =>
        rollup.Add(rollup.Row(new FlowMetricKey(new FlowDimensions { IdentityDims = true }).Rollup(connection)), connection);

    SortedDictionary<string, long> Sent() => Sent(_readings);

    static SortedDictionary<string, long> Sent(MeterReadings readings)
    {
        var sent = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (series, value) in readings.Observe(Name))
            sent.Add(series.Split(',').Single(a => a.StartsWith("tailscale.src.node=", StringComparison.Ordinal)).Split('=')[1], value);
        return sent;
    }
}
