using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>When the listeners' certificates begin and end, and whether reading them again works.</summary>
sealed class CertificateMetrics
{
    readonly ConcurrentDictionary<string, (DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset ReadAt)> _active = new(StringComparer.Ordinal);
    readonly Counter<long> _failures;

    public CertificateMetrics(Meter meter)
    {
        _failures = meter.CreateCounter<long>("tailscale2otel.tls.cert.reload.failures", "1", "Reloads that kept the old certificate");
        meter.CreateObservableGauge("tailscale2otel.tls.cert.not_after", () => Observe(c => c.NotAfter), "s", "Active certificate expiry (Unix s)");
        meter.CreateObservableGauge("tailscale2otel.tls.cert.not_before", () => Observe(c => c.NotBefore), "s", "Active certificate start (Unix s)");
        meter.CreateObservableGauge("tailscale2otel.tls.cert.reload.last_success", () => Observe(c => c.ReadAt), "s", "Unix time of last good reload");
    }

    public void Loaded(string component, DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now) =>
        _active[component] = (notBefore, notAfter, now);

    public void Failed(string component) => _failures.Add(1, Component(component));

    IEnumerable<Measurement<double>> Observe(Func<(DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset ReadAt), DateTimeOffset> select) =>
        _active.Select(c => new Measurement<double>(select(c.Value).ToUnixTimeMilliseconds() / 1000.0, Component(c.Key)));

    static KeyValuePair<string, object?> Component(string component) => new("component", component);
}
