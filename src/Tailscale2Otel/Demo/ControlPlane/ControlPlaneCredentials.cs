using System.Security.Cryptography;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What one control plane accepts; drawn anew for each, so that no test can pass with another's.</summary>
sealed record ControlPlaneCredentials
{
    public string ClientId { get; init; } = "k" + Draw(5) + "CNTRL";

    public Secret ClientSecret { get; init; } = new($"tskey-client-k{Draw(5)}CNTRL-{Draw(16)}");

    /// <summary>An access token with all rights of its owner.</summary>
    public Secret ApiKey { get; init; } = new($"tskey-api-k{Draw(5)}CNTRL-{Draw(16)}");

    /// <summary>The federated credential that <see cref="Jwt"/> is exchanged for.</summary>
    public string FederatedClientId { get; init; } = "k" + Draw(5) + "CNTRL-federated";

    /// <summary>The identity provider's token that is accepted; its content does not matter here.</summary>
    public Secret Jwt { get; init; } = new($"eyJhbGciOiJub25lIn0.{Draw(24)}.{Draw(16)}");

    static string Draw(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
