namespace Tailscale2Otel.Export.Otlp;

/// <summary>The words of the <c>otlp</c> options that have a list of allowed ones.</summary>
static class OtlpChoice
{
    public const string Http = "http";
    public const string Grpc = "grpc";
    public const string Stdout = "stdout";
    public const string None = "none";
    public const string Gzip = "gzip";
    public const string Zstd = "zstd";
    public const string Cumulative = "cumulative";
    public const string Delta = "delta";
}
