using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>The change that an event tells, in the words that it shares with an audit record.</summary>
static class WebhookChange
{
    /// <summary>Null when no audit record tells it, or the event does not say of whom.</summary>
    public static ContentKey? Of(string tailnet, WebhookType type, in WebhookData data) => type.Change switch
    {
        null => null,
        SharedChange.PolicyUpdated => SharedChange.Of(tailnet, type.Change, data.NewPolicy, data.OldPolicy),
        _ when type.Change.StartsWith("USER.", StringComparison.Ordinal) => SharedChange.Of(tailnet, type.Change, data.User),
        _ => SharedChange.Of(tailnet, type.Change, data.NodeId),
    };
}
