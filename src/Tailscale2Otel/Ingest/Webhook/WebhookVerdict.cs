namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>What the verifier found.</summary>
/// <param name="SignedAt"><c>t</c> in Unix seconds; null when there is no signature that fits.</param>
/// <param name="IsStale">Older than the tolerance and accepted all the same.</param>
readonly record struct WebhookVerdict(WebhookFault Fault, long? SignedAt = null, bool IsStale = false);
