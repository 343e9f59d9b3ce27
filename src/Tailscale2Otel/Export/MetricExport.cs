using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Resource;

namespace Tailscale2Otel.Export;

/// <summary>
/// The OpenTelemetry SDK's view of the daemon's one meter. Nothing is exported by a timer: whoever calls
/// <see cref="Collect"/> decides when, because what was counted is noted as delivered only after the backend took it.
/// </summary>
sealed class MetricExport : IDisposable
{
    /// <summary>
    /// Series of one instrument where <c>cardinality.metric_limit</c> says unlimited: the SDK reserves about 90 bytes for each of
    /// them at once, in every instrument.
    /// </summary>
    const int Unlimited = 25_000;

    /// <summary>The daemon's own instruments have closed sets of attributes; the SDK reserves memory for every series that it allows.</summary>
    const int OwnSeries = 1000;

    readonly MeterProvider _provider;
    readonly ManualMetricReader _reader;
    readonly OtlpMetricExporter? _otlp;

    /// <param name="exporter">An <see cref="OtlpMetricExporter"/> or another; it is disposed with this.</param>
    /// <param name="resource">Of <see cref="ResourceAttributes"/>, without the version.</param>
    /// <param name="temporality"><c>cumulative</c> or <c>delta</c>.</param>
    /// <param name="seriesLimit">Series of one instrument; more are summed under <c>otel.metric.overflow</c>. 0 and less: unlimited.</param>
    public MetricExport(
        BaseExporter<Metric> exporter,
        IReadOnlyList<KeyValuePair<string, object>> resource,
        string temporality,
        int seriesLimit,
        SelfObservabilityOptions self)
    {
        _otlp = exporter as OtlpMetricExporter;
        _reader = new ManualMetricReader(exporter)
        {
            TemporalityPreference = temporality == OtlpChoice.Delta ? MetricReaderTemporalityPreference.Delta : MetricReaderTemporalityPreference.Cumulative,
        };
        var limit = seriesLimit > 0 ? seriesLimit : Unlimited;
        var own = self.Enabled ? null : $"{ProductInfo.Name}.";
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource))
            .AddMeter(ProductInfo.Name)
            .AddView(instrument => own is not null && instrument.Name.StartsWith(own, StringComparison.Ordinal)
                ? MetricStreamConfiguration.Drop
                : View(instrument, limit))
            .AddReader(_reader)
            .Build();
    }

    /// <summary>
    /// Collects and exports once. True when the backend accepted everything, or refused parts of it for good; false when it
    /// could not be reached within <c>otlp.retry</c> or was cancelled, and then the next collection carries what this one did.
    /// Not for concurrent use.
    /// </summary>
    public bool Collect(CancellationToken cancellation)
    {
        if (_otlp is not null && !_otlp.Begin(cancellation))
            return false;
        return _reader.Collect() && !cancellation.IsCancellationRequested;
    }

    public void Dispose() => _provider.Dispose();

    /// <summary>The view must not hide the buckets that a histogram was created with.</summary>
    static MetricStreamConfiguration View(Instrument instrument, int seriesLimit) => Configure(
        instrument,
        // One more, because the SDK keeps one for what is over the limit.
        SeriesBound.Of(instrument) is { } bound ? Math.Min(seriesLimit, bound + 1)
        : instrument.Name.StartsWith("tailscale.", StringComparison.Ordinal) ? seriesLimit
        : Math.Min(seriesLimit, OwnSeries));

    static MetricStreamConfiguration Configure(Instrument instrument, int limit) =>
        instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } buckets }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = [.. buckets], CardinalityLimit = limit }
            : new MetricStreamConfiguration { CardinalityLimit = limit };
}
