namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>The body of an answer that is not 200.</summary>
sealed record WebhookRefusal(string Error, string Message);
