namespace Tailscale2Otel.Tests.Support;

enum OtlpFault
{
    None,
    Hang,
    Reset,
    ResetMidResponse,

    /// <summary>Answers when the client has given up.</summary>
    Late,
}
