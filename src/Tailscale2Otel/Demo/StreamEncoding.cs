namespace Tailscale2Otel.Demo;

/// <summary>The compression settings of a Tailscale log stream.</summary>
enum StreamEncoding
{
    Identity,
    Gzip,
    Zstd,
}
