using System.Collections.Frozen;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>The change that an audit record tells, in the words that it shares with a webhook event.</summary>
static class AuditChange
{
    const int LongestName = 64;

    /// <summary>Type, action and property, as <see cref="SharedChange"/> writes them.</summary>
    static readonly FrozenSet<string> Shared = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        SharedChange.NodeCreated, SharedChange.NodeDeleted, SharedChange.NodeApproved, SharedChange.NodeKeyExpired,
        SharedChange.UserCreated, SharedChange.UserApproved, SharedChange.UserSuspended, SharedChange.UserRestored, SharedChange.UserDeleted,
        SharedChange.UserRoleUpdated, SharedChange.PolicyUpdated);

    /// <summary>Null when no webhook tells it, or it did not come about.</summary>
    public static ContentKey? Of(string tailnet, in AuditRecord audit)
    {
        if (!audit.Error.IsEmpty || NameOf(audit) is not { } name)
            return null;
        if (name == SharedChange.PolicyUpdated)
            return OfPolicy(tailnet, audit);

        // Webhooks name a node by its ID and a user by the login name, which is the name of an audit record's target.
        var isUser = name.StartsWith("USER.", StringComparison.Ordinal) && !audit.TargetName.IsEmpty;
        return SharedChange.Of(tailnet, name, isUser ? audit.TargetName : audit.TargetId);
    }

    static ContentKey? OfPolicy(string tailnet, in AuditRecord audit)
    {
        using var after = Text(audit.New);
        using var before = Text(audit.Old);
        return SharedChange.Of(tailnet, SharedChange.PolicyUpdated, after.Written, before.Written);
    }

    /// <summary>What a JSON string says; nothing for anything else.</summary>
    static PooledBytes Text(ReadOnlySpan<byte> json)
    {
        var text = new PooledBytes(Math.Max(json.Length, 1));
        if (json.Length >= 2 && json[0] == '"')
            text.Advance(JsonText.Unescape(json[1..^1], text.Reserve(json.Length)));
        return text;
    }

    static string? NameOf(in AuditRecord audit)
    {
        Span<byte> name = stackalloc byte[LongestName];
        Span<char> text = stackalloc char[LongestName];
        var length = audit.TargetType.Length + 1 + audit.Action.Length + (audit.TargetProperty.IsEmpty ? 0 : 1 + audit.TargetProperty.Length);
        if (length > LongestName)
            return null;

        audit.TargetType.CopyTo(name);
        name[audit.TargetType.Length] = (byte)'.';
        audit.Action.CopyTo(name[(audit.TargetType.Length + 1)..]);
        if (!audit.TargetProperty.IsEmpty)
        {
            name[length - audit.TargetProperty.Length - 1] = (byte)'.';
            audit.TargetProperty.CopyTo(name[(length - audit.TargetProperty.Length)..]);
        }

        return Encoding.UTF8.TryGetChars(name[..length], text, out var characters)
            && Shared.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..characters], out var known) ? known : null;
    }
}
