using System.Text;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>Connections counted together are counted as they would be alone.</summary>
sealed class ConnectionCounterTests
{
    static readonly string[] Instruments =
    [
        "tailscale.network.io.rollup", "tailscale.network.packets.rollup", "tailscale.network.flows", "tailscale.network.field.observations",
        "tailscale.network.unique.dst_peers", "tailscale.network.unique.dst_ports", "tailscale.exit_node.io",
    ];

    [Test]
    public void Counts_neighbours_as_if_each_were_alone()
    {
        var random = new Random(7);
        using var together = new MeterReadings();
        using var alone = new MeterReadings();
        var dimensions = new FlowDimensions { IdentityDims = true };
        var counted = new FlowMetrics(together.Meter, dimensions, new CardinalityOptions());
        var expected = new FlowMetrics(alone.Meter, dimensions, new CardinalityOptions());
        var texts = Enumerable.Range(0, 3).Select(i => Encoding.UTF8.GetBytes($"text-{i}")).ToArray();
        var region = new byte[1];

        for (var record = 0; record < 200; record++)
        {
            var counter = new ConnectionCounter(counted);
            for (var row = 0; row < 20; row++)
            {
                region[0] = (byte)('1' + random.Next(3));
                var connection = new FlowConnection
                {
                    Type = random.Next(8) == 0 ? (TrafficType)random.Next(4) : TrafficType.Virtual,
                    Transport = random.Next(9) switch { 0 => "tcp"u8, 1 => "udp"u8, _ => "unknown"u8 },
                    HasProtocol = random.Next(2) == 0,
                    SourceNode = Any(texts, random),
                    DestinationNode = Any(texts, random),
                    DestinationPort = random.Next(4),
                    Service = Any(texts, random),
                    SourceUser = Any(texts, random),
                    DestinationTags = Any(texts, random),
                    DerpRegion = random.Next(4) == 0 ? region : default,
                    Reporter = "reporter"u8,
                    TxBytes = (ulong)random.Next(100),
                    RxPackets = 1,
                };
                counter.Add(connection);
                expected.Add(connection);
            }
        }

        counted.Freeze();
        expected.Freeze();
        foreach (var instrument in Instruments)
            Assert.That(together.Observe(instrument), Is.EqualTo(alone.Observe(instrument)).And.Not.Empty, instrument);
    }

    [Test]
    public void A_relay_without_a_region_is_not_in_the_region_of_its_neighbour()
    {
        using var readings = new MeterReadings();
        var metrics = new FlowMetrics(readings.Meter, new FlowDimensions(), new CardinalityOptions());
        var counter = new ConnectionCounter(metrics);
        counter.Add(new FlowConnection { Type = TrafficType.Physical, Transport = "unknown"u8, SourceNode = "a"u8, Path = "derp"u8, DerpRegion = "5"u8, TxBytes = 10 });
        counter.Add(new FlowConnection { Type = TrafficType.Physical, Transport = "unknown"u8, SourceNode = "a"u8, Path = "derp"u8, TxBytes = 7 });

        metrics.Freeze();
        Assert.That(readings.Observe("tailscale.network.io.rollup").Values, Is.EquivalentTo(new long[] { 7, 10 }));
    }

    [Test]
    public void Physical_traffic_is_no_destination_of_anybody()
    {
        using var readings = new MeterReadings();
        var metrics = new FlowMetrics(readings.Meter, new FlowDimensions(), new CardinalityOptions());
        metrics.Add(Some.Connection(TrafficType.Physical, "web-1", "external", 41641));

        metrics.Freeze();
        Assert.That(readings.Observe("tailscale.network.unique.dst_peers"), Is.Empty);
        Assert.That(readings.Observe("tailscale.network.unique.dst_ports"), Is.Empty);
    }

    /// <summary>Mostly the first, so that there are neighbours.</summary>
    static ReadOnlySpan<byte> Any(byte[][] texts, Random random) => random.Next(40) switch { 0 => texts[1], 1 => texts[2], 2 => default, _ => texts[0] };
}
