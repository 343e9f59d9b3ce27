using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>What the daemon knows of a type of event.</summary>
/// <param name="Name">As it is sent; for an unknown type what metrics call it.</param>
/// <param name="Change">The change that an audit record may tell too, see <see cref="Deduplication.SharedChange"/>; null when none does.</param>
sealed record WebhookType(string Name, LogSeverity Severity, WebhookFields Fields, string? Change = null)
{
    public Utf8Name EventName { get; } = new(LogAttributes.WebhookEvent.Text.Replace("<type>", Name, StringComparison.Ordinal));
}
