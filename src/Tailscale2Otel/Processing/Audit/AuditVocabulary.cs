using System.Collections.Frozen;
using System.Text;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// The closed vocabularies of the audit metrics and the table of change categories (docs/signals.md). Values are found
/// in any case and given in their documented one; what is not in a vocabulary is <see cref="Other"/>.
/// </summary>
static class AuditVocabulary
{
    public const string Other = "other";

    const int LongestValue = 64;

    public static readonly FrozenSet<string> Actions = Set(
        "LOGIN", "LOGOUT", "CREATE", "UPDATE", "DELETE", "CANCEL", "REVOKE", "APPROVE", "SUSPEND", "RESTORE", "ENABLE", "DISABLE",
        "ACCEPT", "EXPIRED", "PUSH_USER", "PUSH_GROUP", "VERIFY", "JOIN_WAITLIST", "INVITE", "JOIN", "LEAVE", "RESEND",
        "MIGRATE_AUTH_PROVIDER");

    public static readonly FrozenSet<string> Origins = Set(
        "ADMIN_CONSOLE", "CONFIG_API", "CONTROL", "IDENTITY_PROVIDER", "NODE", "SUPPORT_REQUEST", "STRIPE", "SECURITY_NOTIFICATION",
        "LEGAL_NOTIFICATION");

    public static readonly FrozenSet<string> ActorTypes = Set(
        "USER", "NODE", "AUTOMATED_WORKER", "OAUTH_CLIENT", "SCIM", "MULLVAD", "LOGSTREAM", "SECRET_SCANNER");

    /// <summary>Properties whose change is relevant to security or lifecycle, with the category.</summary>
    public static readonly FrozenDictionary<string, string> Categories = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ACL"] = "acl",
        ["KEY_EXPIRY"] = "key_expiry",
        ["KEY_EXPIRY_TIME"] = "key_expiry",
        ["EXIT_NODE"] = "exit_node",
        ["NETWORK_FLOW_LOGGING"] = "network_flow_logging",
        ["LOG_EXIT_FLOWS"] = "exit_flow_logging",
        ["TKA"] = "tailnet_lock",
        ["USER_ROLE"] = "user_role",
        ["MACHINE_APPROVAL_NEEDED"] = "machine_approval",
        ["USER_APPROVAL_REQUIRED"] = "user_approval",
        ["POSTURE_INTEGRATION"] = "posture_integration",
        ["COLLECT_POSTURE_IDENTITY"] = "collect_posture_identity",
        ["AUTH_PROVIDER"] = "auth_provider",
        ["MAGIC_DNS"] = "magic_dns",
        ["DNS_CONFIG"] = "dns_config",
        ["LOGSTREAM_ENDPOINT"] = "logstream_endpoint",
        ["MAX_KEY_DURATION"] = "key_duration",
        ["FILE_SHARING"] = "file_sharing",
        ["HTTPS"] = "https",
        ["SCIM"] = "scim",
        ["SUBSCRIBED_EVENTS"] = "webhook_subscription",
        ["SECURITY_EMAIL"] = "security_contact",
        ["NODE_SHARE"] = "node_share",
        ["TAILNET_INVITE"] = "tailnet_invite",
        ["SECRET"] = "secret",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every documented property: those with a category and those deliberately without one.</summary>
    public static readonly FrozenSet<string> Properties = Set(
    [
        .. Categories.Keys,
        "ACL_TAGS", "ACCOUNT_EMAIL", "ADDRESS", "ALLOWED_IPS", "AUTO_APPROVED_ROUTES", "ATTRIBUTES", "BILLING_OWNER", "COLLECT_SERVICES",
        "MULLVAD_VPN", "EMAIL", "FEATURE", "MACHINE_AUTH_NEEDED", "MACHINE_NAME", "GEOSTEERING", "PAYMENT_INFO", "POSTURE_IDENTITY",
        "STRIPE_CUSTOMER_ID", "SUBSCRIPTION", "SUPPORT_EMAIL", "TCD",
    ]);

    /// <summary>The value as the vocabulary spells it, or <see cref="Other"/>.</summary>
    public static string Closed(FrozenSet<string> vocabulary, ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[LongestValue];
        return value.Length <= LongestValue && Encoding.UTF8.TryGetChars(value, text, out var length) &&
            vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var known) ? known : Other;
    }

    /// <summary>The category of a change; null when it has none and is not counted as a change.</summary>
    /// <param name="action">Of <see cref="Closed"/>.</param>
    public static string? Category(ReadOnlySpan<byte> targetType, string action, ReadOnlySpan<byte> property)
    {
        if (Categories.TryGetValue(Closed(Properties, property), out var category))
            return category;
        if (action is "CREATE" or "DELETE" or "EXPIRED" && Is(targetType, "NODE"))
            return "device";
        return action is "CREATE" or "DELETE" or "REVOKE" && Is(targetType, "API_KEY") ? "api_key" : null;
    }

    static bool Is(ReadOnlySpan<byte> value, string name) => Ascii.EqualsIgnoreCase(value, name);

    static FrozenSet<string> Set(params string[] values) => values.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
