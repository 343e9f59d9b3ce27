using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>TLS towards the backend.</summary>
sealed class OtlpTlsOptions : IConfigSection
{
    /// <summary>For an endpoint without a scheme: true means plain text. An endpoint's <c>http://</c> or <c>https://</c> decides by itself.</summary>
    public bool Insecure { get; set; }

    /// <summary>Accept any server certificate. Only for tests: nobody else's server would be noticed.</summary>
    public bool InsecureSkipVerify { get; set; }

    /// <summary>PEM bundle of the authorities to trust instead of the system's.</summary>
    [FilePath]
    [ExistingFile]
    public string CaFile { get; set; } = "";

    /// <summary>PEM client certificate chain, leaf first; needs <c>key_file</c>.</summary>
    [FilePath]
    [ExistingFile]
    public string CertFile { get; set; } = "";

    /// <summary>PEM private key of the client certificate, not encrypted.</summary>
    [FilePath]
    [ExistingFile]
    public string KeyFile { get; set; } = "";
}
