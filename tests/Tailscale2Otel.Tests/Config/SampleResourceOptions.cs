using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

[ConfigSection("resource")]
sealed class SampleResourceOptions : IConfigSection
{
    public string ServiceName { get; set; } = "tailscale2otel";

    public string ServiceNamespace { get; set; } = "";

    public IReadOnlyDictionary<string, string> Attributes { get; set; } = new Dictionary<string, string>();
}
