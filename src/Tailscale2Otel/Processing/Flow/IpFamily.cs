namespace Tailscale2Otel.Processing.Flow;

enum IpFamily : byte
{
    None,
    V4,
    V6,
}
