using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Export.Stdout;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Stdout;

sealed class StdoutMetricExporterTests
{
    [Test]
    public void Writes_one_line_a_metric()
    {
        var output = new StringWriter();
        using var meter = new Meter(ProductInfo.Name);
        using var own = new Meter("own");
        using var export = new MetricExport(
            new StdoutMetricExporter(output, new ExportMetrics(own), new ManualTime()), [], "cumulative", 100, new SelfObservabilityOptions());
        var counter = meter.CreateCounter<long>("tailscale.network.io", "By");
        counter.Add(1_000_000, new KeyValuePair<string, object?>("d", "tx"));
        counter.Add(234_567, new KeyValuePair<string, object?>("d", "rx"));
        meter.CreateObservableGauge("one", () => 1.5, "s");
        meter.CreateObservableGauge<long>("many", () => [new(1, new KeyValuePair<string, object?>("k", 1)), new(9, new KeyValuePair<string, object?>("k", 2))], "1");
        var histogram = meter.CreateHistogram<double>("h", "s");
        histogram.Record(1);
        histogram.Record(2);

        Assert.That(export.Collect(CancellationToken.None), Is.True);

        Assert.That(output.ToString(), Is.EqualTo(
            """
            2026-07-27T12:00:00Z 4 metrics, 6 series
                tailscale.network.io                                 2 series  1,234,567 By
                one                                                  1 series  1.5 s
                many                                                 2 series  1 to 9
                h                                                    1 series  2 values, mean 1.5 s

            """));
    }

    [Test]
    public void Says_that_it_failed_when_the_output_is_closed()
    {
        using var meter = new Meter(ProductInfo.Name);
        using var own = new Meter("own");
        using var export = new MetricExport(
            new StdoutMetricExporter(new ClosedWriter(), new ExportMetrics(own), TimeProvider.System), [], "cumulative", 100, new SelfObservabilityOptions());
        meter.CreateCounter<long>("c").Add(1);

        Assert.That(export.Collect(CancellationToken.None), Is.False);
    }

    sealed class ClosedWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("closed");
    }
}
