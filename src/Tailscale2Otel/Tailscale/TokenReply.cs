namespace Tailscale2Otel.Tailscale;

/// <summary>An access token, or why there is none.</summary>
/// <param name="Life">How long the token is good.</param>
readonly record struct TokenReply(string Token, TimeSpan Life, ApiFault? Fault)
{
    public static TokenReply Failed(ApiFault fault) => new("", TimeSpan.Zero, fault);
}
