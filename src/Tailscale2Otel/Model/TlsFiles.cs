namespace Tailscale2Otel.Model;

/// <summary>PEM files of a listener's certificate: both or neither. They are read again when they change.</summary>
sealed class TlsFiles : IConfigSection
{
    /// <summary>PEM certificate chain, leaf first. Relative paths in a file are relative to that file.</summary>
    [FilePath]
    [ExistingFile]
    public string CertFile { get; set; } = "";

    /// <summary>PEM private key, not encrypted.</summary>
    [FilePath]
    [ExistingFile]
    public string KeyFile { get; set; } = "";
}
