using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Diagnostics;

/// <summary>Failures of parts that are neither collectors nor receivers.</summary>
sealed class ComponentErrors(Meter meter)
{
    readonly Counter<long> _errors = meter.CreateCounter<long>("tailscale2otel.component.errors", "1", "Failures of parts that are not collectors");

    /// <param name="component">One of a few names, see docs/signals.md.</param>
    public void Add(string component) => _errors.Add(1, new KeyValuePair<string, object?>("component", component));
}
