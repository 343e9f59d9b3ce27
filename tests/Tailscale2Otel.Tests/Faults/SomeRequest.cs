using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A request without content.</summary>
static class SomeRequest
{
    public static OtlpRequest Of(int number, int lifetime) => new()
    {
        Number = number,
        IsGrpc = false,
        Path = "/",
        Protocol = "HTTP/1.1",
        Headers = new Dictionary<string, string> { [OtlpRequest.LifetimeHeader] = $"{lifetime}" },
        Encoding = "identity",
        WireBytes = 0,
        MessageBytes = 0,
        Answer = OtlpAnswer.Ok,
    };
}
