using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Tailscale2Otel.Export;

/// <summary>Collects when it is told to, and not once more when the provider shuts down: nobody would note what that delivered.</summary>
sealed class ManualMetricReader(BaseExporter<Metric> exporter) : BaseExportingMetricReader(exporter)
{
    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);
}
