using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>TLS for one signal; what is not set is inherited from <c>otlp.tls</c>.</summary>
sealed class OtlpSignalTlsOptions : IConfigSection
{
    /// <summary>See <c>otlp.tls.insecure</c>.</summary>
    public bool? Insecure { get; set; }

    /// <summary>See <c>otlp.tls.insecure_skip_verify</c>.</summary>
    public bool? InsecureSkipVerify { get; set; }

    /// <summary>See <c>otlp.tls.ca_file</c>.</summary>
    [FilePath]
    [ExistingFile]
    public string CaFile { get; set; } = "";

    /// <summary>See <c>otlp.tls.cert_file</c>.</summary>
    [FilePath]
    [ExistingFile]
    public string CertFile { get; set; } = "";

    /// <summary>See <c>otlp.tls.key_file</c>.</summary>
    [FilePath]
    [ExistingFile]
    public string KeyFile { get; set; } = "";
}
