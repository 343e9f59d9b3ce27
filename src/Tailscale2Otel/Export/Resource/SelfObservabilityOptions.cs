using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Resource;

/// <summary>The daemon's telemetry about itself.</summary>
[ConfigSection("self_observability")]
sealed class SelfObservabilityOptions : IConfigSection
{
    /// <summary>Export metrics about the daemon's own work (<c>tailscale2otel.*</c>).</summary>
    public bool Enabled { get; set; } = true;

    /// <summary><c>service.instance.id</c>; empty means the host name.</summary>
    public string InstanceId { get; set; } = "";
}
