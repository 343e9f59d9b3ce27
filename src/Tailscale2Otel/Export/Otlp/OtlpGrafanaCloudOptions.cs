using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Credentials of a Grafana Cloud stack; both together become an <c>Authorization: Basic</c> header.</summary>
sealed class OtlpGrafanaCloudOptions : IConfigSection
{
    /// <summary>The stack's OTLP instance ID, a number.</summary>
    public string InstanceId { get; set; } = "";

    /// <summary>Access policy token with permission to write logs and metrics.</summary>
    public Secret Token { get; set; } = new("");
}
