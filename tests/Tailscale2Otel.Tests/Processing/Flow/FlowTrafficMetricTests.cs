using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

public sealed class FlowTrafficMetricTests
{
    const int SeriesLimit = 41;

    /// <summary>The instruments behind the SDK as the daemon sets it up: the same limit, so that the SDK never has to fold itself.</summary>
    [TestCase(MetricReaderTemporalityPreference.Delta)]
    [TestCase(MetricReaderTemporalityPreference.Cumulative)]
    public void Exports_carry_all_that_was_frozen_in_either_temporality(MetricReaderTemporalityPreference temporality)
    {
        using var meter = new Meter("tailscale2otel.tests.traffic");
        var exporter = new Sums();
        using var reader = new BaseExportingMetricReader(exporter) { TemporalityPreference = temporality };
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = SeriesLimit })
            .AddReader(reader)
            .Build();
        var metric = new FlowTrafficMetric(meter, "t", "", ["n"], SeriesLimit);

        var added = 0L;
        var delivered = 0L;
        for (var interval = 0; interval < 5; interval++)
        {
            for (var i = 0; i <= interval * 10; i++)
            {
                metric.Add(metric.Row(Key(i)), new FlowConnection { Type = TrafficType.Virtual, Transport = "tcp"u8, TxBytes = 10, RxBytes = 1 });
                added += 11;
            }

            metric.Freeze();
            provider.ForceFlush();
            delivered = temporality == MetricReaderTemporalityPreference.Delta ? delivered + exporter.Bytes : exporter.Bytes;
            Assert.That(delivered, Is.EqualTo(added));
            Assert.That(exporter.Series, Is.LessThanOrEqualTo(SeriesLimit));
        }

        Assert.That(exporter.HasOverflow, Is.True);
    }

    static byte[] Key(int number)
    {
        var key = new CounterKey(new byte[CounterKey.SizeFor(1)]);
        key.Add(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        return key.Bytes.ToArray();
    }

    sealed class Sums : BaseExporter<Metric>
    {
        public long Bytes { get; private set; }

        public int Series { get; private set; }

        public bool HasOverflow { get; private set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            (Bytes, Series) = (0, 0);
            foreach (var metric in batch)
            {
                if (metric.Name != "t.io")
                    continue;
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Bytes += point.GetSumLong();
                    Series++;
                    foreach (var tag in point.Tags)
                        HasOverflow |= tag.Key == "otel.metric.overflow";
                }
            }

            return ExportResult.Success;
        }
    }
}
