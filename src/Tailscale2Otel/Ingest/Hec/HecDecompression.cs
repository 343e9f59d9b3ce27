namespace Tailscale2Otel.Ingest.Hec;

/// <summary>How a request body is read.</summary>
enum HecDecompression
{
    /// <summary>As its <c>Content-Encoding</c> says.</summary>
    Auto,

    /// <summary>Always as gzip, whatever the header says.</summary>
    Gzip,

    /// <summary>Always as Zstandard, whatever the header says.</summary>
    Zstd,

    /// <summary>Always as it is, whatever the header says.</summary>
    None,
}
