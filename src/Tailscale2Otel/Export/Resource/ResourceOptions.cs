using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Resource;

/// <summary>What the daemon says about itself in every request.</summary>
[ConfigSection("resource")]
sealed class ResourceOptions : IConfigSection
{
    /// <summary><c>service.name</c>.</summary>
    public string ServiceName { get; set; } = "tailscale2otel";

    /// <summary><c>service.namespace</c>, at most 256 bytes; empty leaves it out.</summary>
    public string ServiceNamespace { get; set; } = "";

    /// <summary><c>deployment.environment.name</c>, at most 256 bytes; empty leaves it out.</summary>
    public string DeploymentEnvironment { get; set; } = "";

    /// <summary>More resource attributes: at most 32, names up to 128 bytes, values up to 256.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; set; } = new Dictionary<string, string>();

    /// <summary>Accepted without effect: <c>OTEL_RESOURCE_ATTRIBUTES</c> and <c>OTEL_SERVICE_NAME</c> are always read.</summary>
    public bool FromEnv { get; set; }
}
