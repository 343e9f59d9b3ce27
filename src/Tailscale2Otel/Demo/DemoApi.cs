using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>A simulated API and the OAuth client that it accepts.</summary>
sealed record DemoApi(Uri Url, string ClientId, Secret ClientSecret);
