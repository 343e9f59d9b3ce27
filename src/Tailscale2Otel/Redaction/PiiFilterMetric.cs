using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Redaction;

/// <summary>Says with the telemetry what was taken out of it.</summary>
static class PiiFilterMetric
{
    public static void Register(Meter meter, PiiFilterOptions options)
    {
        Measurement<long>[] switches = [.. options.Switches().Select(s => new Measurement<long>(s.IsEmitted ? 1 : 0, new KeyValuePair<string, object?>("category", s.Name)))];
        meter.CreateObservableGauge("tailscale2otel.pii_filter.category", () => switches, "1", "1 when the category is emitted, 0 when it is redacted");
    }
}
