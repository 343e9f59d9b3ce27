namespace Tailscale2Otel.Ingest.Hec;

enum BodyEncoding
{
    Identity,
    Gzip,
    Zstd,

    /// <summary>RFC 9110, section 8.4.1.2: the zlib format, not bare deflate.</summary>
    Deflate,

    Unknown,
}
