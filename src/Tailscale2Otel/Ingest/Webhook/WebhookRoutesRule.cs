using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>The webhooks of several tailnets have a route each.</summary>
sealed class WebhookRoutesRule : IOptionsRule
{
    static readonly WebhookOptions Default = new();

    public IEnumerable<string> Failures(OptionsSet options)
    {
        var webhook = options.Get<WebhookOptions>();
        return RouteRules.Failures(
            options, "webhook", webhook.Enabled, [.. webhook.Routes.Select(r => r.Tailnet)], ("path", webhook.Path == Default.Path), ("secret", webhook.Secret.Count == 0));
    }
}
