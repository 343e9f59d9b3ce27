using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

sealed class SampleTlsOptions : IConfigSection
{
    public bool? Insecure { get; set; }

    [FilePath]
    public string CaFile { get; set; } = "";

    [FilePath]
    public string CertFile { get; set; } = "";

    [FilePath]
    public string KeyFile { get; set; } = "";
}
