using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

public sealed class FlowMetricsTests
{
    const string Raw = "tailscale.network.io";
    const string Rollup = "tailscale.network.io.rollup";

    MeterReadings _readings;

    [SetUp]
    public void SetUp() => _readings = new MeterReadings();

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [TestCase(MetricsMode.Rollup, 0, 2)]
    [TestCase(MetricsMode.All, 2, 0)]
    [TestCase(MetricsMode.Both, 2, 2)]
    public void The_mode_says_which_families_count(object mode, int raw, int rollup)
    {
        Count(new FlowDimensions { MetricsMode = (MetricsMode)mode }, Full());
        Assert.That(_readings.Observe(Raw), Has.Count.EqualTo(raw));
        Assert.That(_readings.Observe("tailscale.network.packets"), Has.Count.EqualTo(raw));
        Assert.That(_readings.Observe(Rollup), Has.Count.EqualTo(rollup));
        Assert.That(_readings.Observe("tailscale.network.packets.rollup"), Has.Count.EqualTo(rollup));
    }

    [TestCase(true, false, false, false, ",tailscale.dst.node=db-1,tailscale.src.node=web-1", "")]
    [TestCase(false, false, false, false, "", "")]
    [TestCase(false, true, false, false, "", "")]
    [TestCase(true, true, false, false, ",tailscale.dst.node=db-1,tailscale.dst.os=linux,tailscale.dst.tags=tag:db,tailscale.dst.user=bob,tailscale.src.node=web-1,tailscale.src.os=macOS,tailscale.src.tags=tag:a;tag:b,tailscale.src.user=ada", "")]
    [TestCase(false, false, true, false, "", "source.port=50000")]
    [TestCase(false, false, false, true, "", "destination.port=5432")]
    public void Each_switch_adds_its_dimensions(bool nodes, bool identity, bool sourcePort, bool destinationPort, string shared, string ports)
    {
        var dimensions = new FlowDimensions
        {
            MetricsMode = MetricsMode.Both,
            NodeDims = nodes,
            IdentityDims = identity,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
        };
        Count(dimensions, Full());

        var common = "network.io.direction=transmit,network.transport=tcp,tailscale.derp.region_id=10,tailscale.dst.service=postgresql,tailscale.path=derp,tailscale.traffic_type=virtual" + shared;
        Assert.That(_readings.Observe(Rollup).Keys, Has.Member(Sorted(common)));
        Assert.That(_readings.Observe(Raw).Keys, Has.Member(Sorted(ports.Length > 0 ? common + "," + ports : common)));
    }

    [Test]
    public void Directions_are_those_of_the_reporting_node()
    {
        Count(new FlowDimensions { NodeDims = false }, Full());
        var bytes = _readings.Observe(Rollup);
        var packets = _readings.Observe("tailscale.network.packets.rollup");
        Assert.That(bytes.Single(s => s.Key.Contains("transmit")).Value, Is.EqualTo(1000));
        Assert.That(bytes.Single(s => s.Key.Contains("receive")).Value, Is.EqualTo(2000));
        Assert.That(packets.Single(s => s.Key.Contains("transmit")).Value, Is.EqualTo(3));
        Assert.That(packets.Single(s => s.Key.Contains("receive")).Value, Is.EqualTo(4));
    }

    [Test]
    public void Directions_without_traffic_have_no_series()
    {
        var connection = new FlowConnection { Type = TrafficType.Virtual, Transport = "udp"u8, TxBytes = 1 };
        Count(new FlowDimensions(), connection);
        Assert.That(_readings.Observe(Rollup).Keys, Is.EqualTo(new[] { "network.io.direction=transmit,network.transport=udp,tailscale.traffic_type=virtual" }));
        Assert.That(_readings.Observe("tailscale.network.packets.rollup"), Is.Empty);
    }

    [Test]
    public void Each_connection_is_a_flow_and_five_observations()
    {
        var bare = new FlowConnection { Type = TrafficType.Exit, Transport = "unknown"u8, SourceAddress = "100.64.0.1"u8 };
        Count(new FlowDimensions(), Full(), bare);

        Assert.That(_readings.Observe("tailscale.network.flows"), Is.EqualTo(new Dictionary<string, long>
        {
            ["network.transport=tcp,tailscale.traffic_type=virtual"] = 1,
            ["network.transport=unknown,tailscale.traffic_type=exit"] = 1,
        }));

        var observations = _readings.Observe("tailscale.network.field.observations");
        Assert.That(observations.Values, Is.All.EqualTo(1));
        Assert.That(observations.Keys, Is.EquivalentTo(new[]
        {
            "field_class=source,state=present,tailscale.traffic_type=virtual",
            "field_class=destination,state=present,tailscale.traffic_type=virtual",
            "field_class=protocol,state=present,tailscale.traffic_type=virtual",
            "field_class=source_port,state=present,tailscale.traffic_type=virtual",
            "field_class=destination_port,state=present,tailscale.traffic_type=virtual",
            "field_class=source,state=present,tailscale.traffic_type=exit",
            "field_class=destination,state=missing,tailscale.traffic_type=exit",
            "field_class=protocol,state=missing,tailscale.traffic_type=exit",
            "field_class=source_port,state=missing,tailscale.traffic_type=exit",
            "field_class=destination_port,state=missing,tailscale.traffic_type=exit",
        }));
    }

    [Test]
    public void Exit_traffic_belongs_to_the_node_that_reports_it()
    {
        Count(
            new FlowDimensions(),
            Some.Connection(TrafficType.Exit, "laptop", "external", bytes: 10),
            Some.Connection(TrafficType.Exit, "phone", "external", bytes: 5),
            Some.Connection(TrafficType.Virtual, "laptop", "web-1"),
            new FlowConnection { Type = TrafficType.Exit, Transport = "tcp"u8, TxBytes = 7 });

        Assert.That(_readings.Observe("tailscale.exit_node.io"), Is.EqualTo(new Dictionary<string, long>
        {
            ["network.io.direction=transmit,tailscale.exit_node=reporter"] = 15,
            ["network.io.direction=receive,tailscale.exit_node=reporter"] = 30,
            ["network.io.direction=transmit,tailscale.exit_node=unknown"] = 7,
        }));
        Assert.That(_readings.Observe("tailscale.exit_node.packets")["network.io.direction=receive,tailscale.exit_node=reporter"], Is.EqualTo(4));
    }

    [Test]
    public void Exit_nodes_are_not_counted_where_that_is_switched_off()
    {
        Count(new FlowDimensions { ExitNodeAttribution = false }, Some.Connection(TrafficType.Exit, "laptop", "external"));
        Assert.That(_readings.Observe("tailscale.exit_node.io"), Is.Empty);
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public void Unique_destinations_need_node_dimensions(bool nodes, int series)
    {
        Count(new FlowDimensions { NodeDims = nodes }, Full());
        Assert.That(_readings.Observe("tailscale.network.unique.dst_peers"), Has.Count.EqualTo(series));
        Assert.That(_readings.Observe("tailscale.network.unique.dst_ports"), Has.Count.EqualTo(series));
    }

    [Test]
    public void Record_counts_stay_inside_their_vocabularies()
    {
        var metrics = Metrics(new FlowDimensions());
        metrics.Reporter("tagged", "match");
        metrics.Reporter("tagged", "match");
        metrics.DataQuality(RecordSource.Stream, "inverted_window");
        metrics.DataQuality(RecordSource.Webhook, "made up");
        metrics.Conflict("cross_source", TrafficType.Subnet);
        metrics.LogsDropped(7);
        metrics.LogsDropped(-1);
        metrics.Freeze();

        Assert.That(_readings.Observe("tailscale.network.reporter.observations"), Is.EqualTo(new Dictionary<string, long> { ["consistency=match,trust=tagged"] = 2 }));
        Assert.That(_readings.Observe("tailscale.network.data_quality"), Is.EqualTo(new Dictionary<string, long>
        {
            ["reason=inverted_window,source=stream"] = 1,
            ["reason=other,source=other"] = 1,
        }));
        Assert.That(_readings.Observe("tailscale.network.dedup.conflicts"), Is.EqualTo(new Dictionary<string, long> { ["scope=cross_source,tailscale.traffic_type=subnet"] = 1 }));
        Assert.That(_readings.Observe("tailscale.network.flow.logs_dropped"), Is.EqualTo(new Dictionary<string, long> { [""] = 7 }));
    }

    [Test]
    public void Known_connections_are_counted_without_allocating()
    {
        var metrics = Metrics(new FlowDimensions { MetricsMode = MetricsMode.Both, IdentityDims = true, SourcePort = true, DestinationPort = true });
        Add(metrics, 50);

        Assert.That(Allocations.Least(() => Add(metrics, 1000)), Is.Zero);
    }

    [Test]
    public void A_million_different_pairs_take_bounded_memory_and_lose_nothing()
    {
        var metrics = Metrics(new FlowDimensions { MetricsMode = MetricsMode.Both });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var name = new byte[16];
        for (var i = 0; i < 1_000_000; i++)
        {
            _ = i.TryFormat(name, out var length);
            metrics.Add(new FlowConnection { Type = TrafficType.Virtual, Transport = "tcp"u8, SourceNode = name.AsSpan(0, length), DestinationNode = name.AsSpan(0, length), TxBytes = 1 });
            if (i % 250_000 == 0)
                metrics.Freeze();
        }

        metrics.Freeze();
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(40_000_000));
        foreach (var family in new[] { Raw, Rollup })
        {
            Assert.That(_readings.Observe(family).Values.Sum(), Is.EqualTo(1_000_000));
            Assert.That(_readings.Observe(family), Has.Count.LessThanOrEqualTo(10_000));
        }

        GC.KeepAlive(metrics);
    }

    static void Add(FlowMetrics metrics, int times)
    {
        for (var i = 0; i < times; i++)
            metrics.Add(Full());
    }

    void Count(FlowDimensions dimensions, FlowConnection first, FlowConnection second = default, FlowConnection third = default, FlowConnection fourth = default)
    {
        var metrics = Metrics(dimensions);
        metrics.Add(first);
        if (!second.Transport.IsEmpty)
            metrics.Add(second);
        if (!third.Transport.IsEmpty)
            metrics.Add(third);
        if (!fourth.Transport.IsEmpty)
            metrics.Add(fourth);
        metrics.Freeze();
    }

    FlowMetrics Metrics(FlowDimensions dimensions) => new(_readings.Meter, dimensions, new CardinalityOptions());

    static string Sorted(string series) => string.Join(',', series.Split(',').Order(StringComparer.Ordinal));

    static FlowConnection Full() => new()
    {
        Type = TrafficType.Virtual,
        Transport = "tcp"u8,
        HasProtocol = true,
        SourceAddress = "100.64.0.1"u8,
        DestinationAddress = "100.64.0.2"u8,
        SourcePort = 50_000,
        DestinationPort = 5432,
        SourceNode = "web-1"u8,
        DestinationNode = "db-1"u8,
        Service = "postgresql"u8,
        Path = "derp"u8,
        DerpRegion = "10"u8,
        SourceUser = "ada"u8,
        SourceTags = "tag:a;tag:b"u8,
        SourceOs = "macOS"u8,
        DestinationUser = "bob"u8,
        DestinationTags = "tag:db"u8,
        DestinationOs = "linux"u8,
        Reporter = "web-1"u8,
        TxBytes = 1000,
        RxBytes = 2000,
        TxPackets = 3,
        RxPackets = 4,
    };
}
