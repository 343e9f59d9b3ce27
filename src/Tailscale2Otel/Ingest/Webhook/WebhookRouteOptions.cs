using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>How the webhooks of one of several tailnets come in.</summary>
sealed class WebhookRouteOptions : IConfigSection
{
    /// <summary>Name of the tailnet, as in <c>tailnets</c>.</summary>
    [Required]
    public string Tailnet { get; set; } = "";

    /// <summary>Path that takes this tailnet's deliveries. Without one it is <c>webhook.path</c>, where the secret that fits the signature tells whose they are.</summary>
    public string Path { get; set; } = "";

    /// <summary>The secret of this tailnet's webhook, or several, for rotation.</summary>
    public IReadOnlyList<Secret> Secret { get; set; } = [];
}
