namespace Tailscale2Otel.Enrichment;

enum IpFamily : byte
{
    None,
    V4,
    V6,
}
