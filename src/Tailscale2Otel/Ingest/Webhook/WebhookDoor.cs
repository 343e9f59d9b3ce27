namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>One tailnet's way into the receiver.</summary>
/// <param name="Tailnet">Of its events; empty for the only one when it has no name.</param>
/// <param name="Path">May be that of others too; then the signature tells them apart.</param>
sealed record WebhookDoor(string Tailnet, string Path, WebhookVerifier Verifier)
{
    /// <summary>One for each route, or one for the only tailnet.</summary>
    /// <param name="memory">See <see cref="WebhookVerifier"/>.</param>
    public static IReadOnlyList<WebhookDoor> Of(WebhookOptions options, string tailnet, TimeSpan memory, TimeProvider time) => options.Routes.Count == 0
        ? [new WebhookDoor(tailnet, options.Path, new WebhookVerifier(options.Secret, options.Tolerance, memory, time))]
        : [.. options.Routes.Select(r => new WebhookDoor(r.Tailnet, r.Path.Length > 0 ? r.Path : options.Path, new WebhookVerifier(r.Secret, options.Tolerance, memory, time)))];
}
