using System.Collections.Frozen;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>
/// The documented types (tailscale.com/kb/1213/webhooks; severities and attributes from docs/signals.md), and as many unknown
/// ones as there is room for beside them. One thread's.
/// </summary>
sealed class WebhookTypes
{
    /// <summary>Different types in metrics and event names, as many as a process may show; the rest is <c>other</c>.</summary>
    public const int MaxTypes = 64;

    const int LongestName = 64;

    public static readonly WebhookType Other = new("other", LogSeverity.Info, WebhookFields.None);

    static readonly FrozenDictionary<string, WebhookType> Known = new WebhookType[]
    {
        new("nodeCreated", LogSeverity.Info, WebhookFields.Node, SharedChange.NodeCreated),
        new("nodeApproved", LogSeverity.Info, WebhookFields.Node, SharedChange.NodeApproved),
        new("nodeSigned", LogSeverity.Info, WebhookFields.Node),
        new("nodeNeedsApproval", LogSeverity.Warn, WebhookFields.Node),
        new("nodeNeedsSignature", LogSeverity.Warn, WebhookFields.Node),
        new("nodeDeleted", LogSeverity.Warn, WebhookFields.Node, SharedChange.NodeDeleted),
        new("nodeAuthorized", LogSeverity.Info, WebhookFields.None, SharedChange.NodeApproved),
        new("nodeNeedsAuthorization", LogSeverity.Warn, WebhookFields.None),
        new("nodeKeyExpired", LogSeverity.Warn, WebhookFields.Node | WebhookFields.Expiration, SharedChange.NodeKeyExpired),
        new("nodeKeyExpiringInOneDay", LogSeverity.Warn, WebhookFields.Node | WebhookFields.Expiration),
        new("subnetIPForwardingNotEnabled", LogSeverity.Info, WebhookFields.None),
        new("exitNodeIPForwardingNotEnabled", LogSeverity.Info, WebhookFields.None),
        new("policyUpdate", LogSeverity.Info, WebhookFields.Actor | WebhookFields.Url, SharedChange.PolicyUpdated),
        new("userCreated", LogSeverity.Info, WebhookFields.None, SharedChange.UserCreated),
        new("userApproved", LogSeverity.Info, WebhookFields.None, SharedChange.UserApproved),
        new("userRestored", LogSeverity.Info, WebhookFields.None, SharedChange.UserRestored),
        new("userNeedsApproval", LogSeverity.Warn, WebhookFields.None),
        new("userSuspended", LogSeverity.Warn, WebhookFields.None, SharedChange.UserSuspended),
        new("userDeleted", LogSeverity.Warn, WebhookFields.None, SharedChange.UserDeleted),
        new("userRoleUpdated", LogSeverity.Info, WebhookFields.User | WebhookFields.Actor | WebhookFields.Url | WebhookFields.Roles, SharedChange.UserRoleUpdated),
        new("webhookUpdated", LogSeverity.Info, WebhookFields.None),
        new("webhookDeleted", LogSeverity.Warn, WebhookFields.None),
        new("test", LogSeverity.Info, WebhookFields.None),
    }.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    public static IReadOnlyList<WebhookType> Documented => Known.Values;

    readonly Dictionary<string, WebhookType> _unknown = new(StringComparer.Ordinal);

    /// <param name="name">Not empty.</param>
    public WebhookType Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        if (name.Length > LongestName || name.IndexOfAnyExcept(Characters) >= 0)
            return Other;

        text = text[..Encoding.ASCII.GetChars(name, text)];
        if (Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var type) || _unknown.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out type))
            return type;
        if (Known.Count + _unknown.Count == MaxTypes)
            return Other;

        type = new WebhookType(text.ToString(), LogSeverity.Info, WebhookFields.None);
        _unknown.Add(type.Name, type);
        return type;
    }

    /// <summary>What a name may consist of, so that it is fit to be one in a metric and an event name.</summary>
    static System.Buffers.SearchValues<byte> Characters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."u8);
}
