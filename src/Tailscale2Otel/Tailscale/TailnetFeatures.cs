namespace Tailscale2Otel.Tailscale;

/// <summary>Of <c>GET /tailnet/{tailnet}/settings</c>.</summary>
/// <param name="NetworkFlowLogging">Null when the credential may not see it.</param>
sealed record TailnetFeatures(bool? NetworkFlowLogging);
