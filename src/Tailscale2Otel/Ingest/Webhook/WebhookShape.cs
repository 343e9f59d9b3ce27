namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>What a body is.</summary>
enum WebhookShape
{
    Array,
    NotArray,
    NotJson,
    TooManyEvents,
}
