using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>An OAuth client of the tailnet.</summary>
sealed class OauthOptions : IConfigSection
{
    /// <summary>The client's ID; the secret contains it too, so that it may be left out.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client's secret (<c>tskey-client-…</c>).</summary>
    public Secret? ClientSecret { get; set; }

    /// <summary>Scopes that each token is asked for; they must be among the client's. docs/tailscale-api.md says which feature needs which.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = ["all:read"];
}
