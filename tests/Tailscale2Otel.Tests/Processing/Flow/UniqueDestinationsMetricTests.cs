using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

public sealed class UniqueDestinationsMetricTests
{
    MeterReadings _readings;
    UniqueDestinationsMetric _metric;

    [SetUp]
    public void SetUp()
    {
        _readings = new MeterReadings();
        _metric = new UniqueDestinationsMetric(_readings.Meter);
    }

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void Counts_each_node_and_port_of_a_source_once()
    {
        Add("web-1", "db-1", 5432);
        Add("web-1", "db-1", 5432);
        Add("web-1", "db-1", 22);
        Add("web-1", "db-2", 22);
        Add("laptop", "web-1", 0);
        _metric.Freeze();

        Assert.That(Peers(), Is.EqualTo(new Dictionary<string, long> { ["tailscale.src.node=web-1"] = 2, ["tailscale.src.node=laptop"] = 1 }));
        Assert.That(Ports(), Is.EqualTo(new Dictionary<string, long> { ["tailscale.src.node=web-1"] = 2 }));
    }

    [Test]
    public void A_source_that_went_quiet_has_no_series()
    {
        Add("web-1", "db-1", 5432);
        _metric.Freeze();
        Assert.That(Peers(), Has.Count.EqualTo(1));

        Add("laptop", "db-1", 5432);
        _metric.Freeze();
        Assert.That(Peers().Keys, Is.EqualTo(new[] { "tailscale.src.node=laptop" }));

        _metric.Freeze();
        Assert.That(Peers(), Is.Empty);
    }

    [TestCase(MetricReaderTemporalityPreference.Delta)]
    [TestCase(MetricReaderTemporalityPreference.Cumulative)]
    public void A_source_that_went_quiet_is_not_exported(MetricReaderTemporalityPreference temporality)
    {
        var exporter = new LastExport();
        using var reader = new BaseExportingMetricReader(exporter) { TemporalityPreference = temporality };
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(_readings.Meter.Name).AddReader(reader).Build();
        Add("web-1", "db-1", 5432);
        _metric.Freeze();
        provider.ForceFlush();
        Assert.That(exporter.Sources, Is.EqualTo(new[] { "web-1" }));

        Add("laptop", "db-1", 5432);
        _metric.Freeze();
        provider.ForceFlush();
        Assert.That(exporter.Sources, Is.EqualTo(new[] { "laptop" }));
    }

    [Test]
    public void Physical_traffic_is_no_destination_of_anybody()
    {
        Assert.That(UniqueDestinationsMetric.Counts(Some.Connection(TrafficType.Physical, "web-1", "external", 41641)), Is.False);
        Assert.That(UniqueDestinationsMetric.Counts(Some.Connection(TrafficType.Virtual, "", "external", 41641)), Is.False, "nobody");
        Assert.That(UniqueDestinationsMetric.Counts(Some.Connection(TrafficType.Subnet, "web-1", "external", 41641)));
    }

    [Test]
    public void Sources_beyond_the_limit_share_one_series()
    {
        for (var i = 0; i < UniqueDestinationsMetric.MaxSources + 3; i++)
            Add($"node-{i}", $"peer-{i}", 22);
        _metric.Freeze();

        Assert.That(Peers(), Has.Count.EqualTo(UniqueDestinationsMetric.MaxSources + 1));
        Assert.That(Peers()["tailscale.src.node=__other__"], Is.EqualTo(3));
        Assert.That(Ports()["tailscale.src.node=__other__"], Is.EqualTo(1));
    }

    SortedDictionary<string, long> Peers() => _readings.Observe("tailscale.network.unique.dst_peers");

    SortedDictionary<string, long> Ports() => _readings.Observe("tailscale.network.unique.dst_ports");

    void Add(string source, string destination, int port) =>
        UniqueDestinationsMetric.Add(_metric.SetsOf(Encoding.UTF8.GetBytes(source))!, Encoding.UTF8.GetBytes(destination), port);

    sealed class LastExport : BaseExporter<Metric>
    {
        public List<string> Sources { get; private set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Sources = [];
            foreach (var metric in batch)
            {
                if (metric.Name != "tailscale.network.unique.dst_peers")
                    continue;
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    foreach (var tag in point.Tags)
                        Sources.Add((string)tag.Value!);
                }
            }

            return ExportResult.Success;
        }
    }
}
