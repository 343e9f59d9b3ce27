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

    /// <summary>Of instruments whose attributes are words from short lists, for so many tailnets. A hundred instruments reserve it.</summary>
    const int ClosedSeries = 256;

    const int TailnetsOfClosedSeries = 2;

    /// <summary>
    /// Of instruments whose lists multiply, for each tailnet: 256 protocols by 4 kinds of traffic, and changes by action and actor.
    /// </summary>
    const int WideSeries = 1024;

    /// <summary>A share beside those of the configured tailnets, for records of tailnets that are gone.</summary>
    const int Strays = 1;

    static readonly string[] Wide = ["tailscale.network.flows", "tailscale.config.audit.events", "tailscale.config.audit.changes"];

    /// <summary>Beginnings of the names of instruments with an attribute that names nodes, of which there may be thousands.</summary>
    static readonly string[] Open = ["tailscale.network.io", "tailscale.network.packets", "tailscale.network.unique.", "tailscale.exit_node."];

    readonly MeterProvider _provider;
    readonly ManualMetricReader _reader;
    readonly OtlpMetricExporter? _otlp;

    /// <param name="exporter">An <see cref="OtlpMetricExporter"/> or another; it is disposed with this.</param>
    /// <param name="resource">Of <see cref="ResourceAttributes"/>, without the version.</param>
    /// <param name="temporality"><c>cumulative</c> or <c>delta</c>.</param>
    /// <param name="seriesLimit">Series of one instrument; more are summed under <c>otel.metric.overflow</c>. 0 and less: unlimited.</param>
    /// <param name="tailnets">How many there are.</param>
    public MetricExport(
        BaseExporter<Metric> exporter,
        IReadOnlyList<KeyValuePair<string, object>> resource,
        string temporality,
        int seriesLimit,
        SelfObservabilityOptions self,
        int tailnets = 1)
    {
        _otlp = exporter as OtlpMetricExporter;
        _reader = new ManualMetricReader(exporter)
        {
            TemporalityPreference = temporality == OtlpChoice.Delta ? MetricReaderTemporalityPreference.Delta : MetricReaderTemporalityPreference.Cumulative,
        };
        var limit = seriesLimit > 0 ? seriesLimit : Unlimited;
        var closed = Math.Min(limit, ClosedSeries * ((tailnets + TailnetsOfClosedSeries - 1) / TailnetsOfClosedSeries));
        var wide = Math.Min(limit, WideSeries * (tailnets + Strays));
        var own = self.Enabled ? null : $"{ProductInfo.Name}.";
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource))
            .AddMeter(ProductInfo.Name)
            .AddView(instrument => own is not null && instrument.Name.StartsWith(own, StringComparison.Ordinal)
                ? MetricStreamConfiguration.Drop
                : View(instrument, limit, wide, closed))
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
    static MetricStreamConfiguration View(Instrument instrument, int limit, int wide, int closed) => Configure(
        instrument,
        // One more, because the SDK keeps one for what is over the limit.
        SeriesBound.Of(instrument) is { } bound ? Math.Min(limit, bound + 1)
        : Array.Exists(Open, o => instrument.Name.StartsWith(o, StringComparison.Ordinal)) ? limit
        : Array.IndexOf(Wide, instrument.Name) >= 0 ? wide
        : closed);

    static MetricStreamConfiguration Configure(Instrument instrument, int limit) =>
        instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } buckets }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = [.. buckets], CardinalityLimit = limit }
            : new MetricStreamConfiguration { CardinalityLimit = limit };
}
