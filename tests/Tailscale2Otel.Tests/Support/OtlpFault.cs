namespace Tailscale2Otel.Tests.Support;

enum OtlpFault
{
    None,
    Hang,
    Reset,
    ResetMidResponse,
}
