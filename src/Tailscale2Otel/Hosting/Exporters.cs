using OpenTelemetry;
using OpenTelemetry.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Export.Stdout;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting;

/// <summary>Which exporter each signal has, by its <c>protocol</c> and <c>enabled</c>.</summary>
static class Exporters
{
    public static ILogExporter Logs(IServiceProvider services, OtlpOptions options) => OtlpTarget.Resolve(options, OtlpSignal.Logs)?.Protocol switch
    {
        null => new NoLogExporter(),
        OtlpChoice.Stdout => new StdoutLogExporter(options.Stdout, services.Get<StdoutWriters>().Records, services.Get<ExportMetrics>()),
        _ => new OtlpLogExporter(options, Resource(services, withVersion: true), services.Get<ExportMetrics>(), services.Get<Health>(), services.Log<OtlpLogExporter>(), services.Get<TimeProvider>()),
    };

    public static bool HasMetrics(OtlpOptions options) => OtlpTarget.Resolve(options, OtlpSignal.Metrics) is not null;

    public static TimeSpan MetricInterval(OtlpOptions options) =>
        OtlpTarget.Resolve(options, OtlpSignal.Metrics)?.Protocol == OtlpChoice.Stdout ? options.Stdout.MetricInterval : options.MetricInterval;

    public static MetricExport Metrics(IServiceProvider services, OtlpOptions options)
    {
        BaseExporter<Metric> exporter = OtlpTarget.Resolve(options, OtlpSignal.Metrics)!.Protocol == OtlpChoice.Stdout
            ? new StdoutMetricExporter(services.Get<StdoutWriters>().Metrics, services.Get<ExportMetrics>(), services.Get<TimeProvider>())
            : OtlpMetricExporter.Create(options, services.Get<ExportMetrics>(), services.Get<Health>(), services.Log<OtlpMetricExporter>(), services.Get<TimeProvider>());
        var tailnets = services.Get<IReadOnlyList<TailnetSettings>>().Count;
        var series = SeriesShares.Of(services.Get<CardinalityOptions>(), tailnets).Total;
        return new MetricExport(exporter, Resource(services, withVersion: false), options.Temporality, series, services.Get<SelfObservabilityOptions>(), tailnets);
    }

    static IReadOnlyList<KeyValuePair<string, object>> Resource(IServiceProvider services, bool withVersion) =>
        ResourceAttributes.Build(services.Get<ResourceOptions>(), services.Get<SelfObservabilityOptions>(), withVersion, services.Get<Redactor>());
}
