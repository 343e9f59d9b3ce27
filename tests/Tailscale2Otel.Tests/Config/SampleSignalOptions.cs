using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

sealed class SampleSignalOptions : IConfigSection
{
    public string Protocol { get; set; } = "";

    public string Endpoint { get; set; } = "";

    public IReadOnlyDictionary<string, Secret> Headers { get; set; } = new Dictionary<string, Secret>();

    public string Compression { get; set; } = "";

    public TimeSpan Timeout { get; set; }

    public SampleTlsOptions Tls { get; set; } = new();
}
