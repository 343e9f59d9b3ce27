using System.Buffers.Binary;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// What was changed and how, without the time, as a webhook event and an audit record both can say it. Equal for both.
/// </summary>
static class SharedChange
{
    public const string NodeCreated = "NODE.CREATE";
    public const string NodeDeleted = "NODE.DELETE";
    public const string NodeApproved = "NODE.APPROVE";
    public const string NodeKeyExpired = "NODE.EXPIRED.KEY_EXPIRY_TIME";
    public const string UserCreated = "USER.CREATE";
    public const string UserApproved = "USER.APPROVE";
    public const string UserSuspended = "USER.SUSPEND";
    public const string UserRestored = "USER.RESTORE";
    public const string UserDeleted = "USER.DELETE";
    public const string UserRoleUpdated = "USER.UPDATE.USER_ROLE";
    public const string PolicyUpdated = "TAILNET.UPDATE.ACL";

    /// <summary>Null when the record does not say what was changed.</summary>
    /// <param name="change">One of the names above.</param>
    /// <param name="subject">A node's ID, a user's login name in any case, or the new policy.</param>
    /// <param name="before">The old policy.</param>
    public static ContentKey? Of(string tailnet, string change, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> before = default)
    {
        if (subject.IsEmpty)
            return null;

        using var content = new PooledBytes();
        Add(content, "change"u8);
        Add(content, Encoding.UTF8.GetBytes(tailnet));
        Add(content, Encoding.UTF8.GetBytes(change));
        Add(content, subject);
        if (change.StartsWith("USER.", StringComparison.Ordinal))
            _ = Ascii.ToLower(subject, content.Written[^subject.Length..], out _);
        Add(content, before);
        return ContentHash.Of(content.Written);
    }

    static void Add(PooledBytes content, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.Reserve(sizeof(int)), text.Length);
        content.Advance(sizeof(int));
        content.Write(text);
    }
}
