using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Tailscale2Otel.Export.Stdout;

/// <summary>One line a metric: how many series it has and what they come to.</summary>
sealed class StdoutMetricExporter(TextWriter output, ExportMetrics metrics, TimeProvider time) : BaseExporter<Metric>
{
    /// <summary>Does not throw.</summary>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var lines = new StringBuilder();
        var count = 0;
        var series = 0;
        foreach (var metric in batch)
        {
            var points = Describe(lines, metric);
            metrics.Points(points);
            series += points;
            count++;
        }

        try
        {
            var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{now} {count} metrics, {series} series\n{lines}"));
            output.Flush();
            return ExportResult.Success;
        }
        catch (IOException)
        {
            return ExportResult.Failure;
        }
    }

    static int Describe(StringBuilder lines, Metric metric)
    {
        var series = 0;
        double total = 0;
        long count = 0;
        var least = double.PositiveInfinity;
        var most = double.NegativeInfinity;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            series++;
            if (metric.MetricType is MetricType.Histogram or MetricType.ExponentialHistogram)
            {
                total += point.GetHistogramSum();
                count += point.GetHistogramCount();
                continue;
            }

            var value = Value(metric.MetricType, in point);
            total += value;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        if (series == 0)
            return 0;
        var unit = metric.Unit is "" or "1" ? "" : " " + metric.Unit;
        var what = metric.MetricType switch
        {
            MetricType.Histogram or MetricType.ExponentialHistogram => $"{count} values, mean {Number(count == 0 ? 0 : total / count)}{unit}",
            MetricType.LongGauge or MetricType.DoubleGauge => least == most ? $"{Number(most)}{unit}" : $"{Number(least)} to {Number(most)}{unit}",
            _ => $"{Number(total)}{unit}",
        };
        lines.Append(CultureInfo.InvariantCulture, $"    {metric.Name,-48} {series,5} series  {what}\n");
        return series;
    }

    static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => 0,
    };

    static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
