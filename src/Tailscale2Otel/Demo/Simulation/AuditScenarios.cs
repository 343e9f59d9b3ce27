using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>The changes that the simulated administrators make: every form that <c>old</c> and <c>new</c> have been seen in.</summary>
static class AuditScenarios
{
    const string Console = "ADMIN_CONSOLE";
    const string Api = "CONFIG_API";

    public static readonly AuditScenario[] All =
    [
        new(Console, "USER", "LOGIN", "ADMIN_CONSOLE") { TargetId = "{userId}", TargetName = "{user}" },
        // A whole policy file as one string of HuJSON.
        new(Console, "USER", "UPDATE", "TAILNET")
        {
            Property = "ACL",
            Old = Text(
                """
                {
                  // revision {n}
                  "acls": []
                }
                """),
            New = Text(
                """
                {
                  // revision {n}, everybody may print
                  "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["192.168.40.0/24:631"]}]
                }
                """),
        },
        Node("UPDATE", "ALLOWED_IPS") with { Old = """["{v4}/32","{v6}/128"]""", New = """["{v4}/32","{v6}/128","192.168.40.0/24"]""" },
        // An empty string on one side and an array on the other.
        Node("UPDATE", "ACL_TAGS") with { Old = "\"\"", New = """["tag:prod","tag:web"]""" },
        Node("UPDATE", "KEY_EXPIRY_TIME") with { Old = "null", New = "\"{time}\"" },
        Node("UPDATE", "MACHINE_NAME") with { Old = "\"old-name-{n}\"", New = "\"new-name-{n}\"" },
        Node("CREATE", "") with { IsEphemeral = true },
        Node("DELETE", "") with { IsEphemeral = true },
        // Times inside are Go's default text and not RFC 3339.
        new(Api, "OAUTH_CLIENT", "CREATE", "API_KEY")
        {
            TargetId = "k{n}CNTRL",
            TargetName = "ci key {n}",
            New = """{"expires":"2027-01-27 12:15:48.688963096 +0000 UTC","capabilities":["auth_keys"],"domainLevel":false,"authTags":["tag:ci"],"description":"ci {n}"}""",
        },
        new(Console, "USER", "DISABLE", "TAILNET") { Property = "MAGIC_DNS", Old = "true", New = "false" },
        new(Console, "USER", "ENABLE", "TAILNET") { Property = "MAGIC_DNS", Old = "false", New = "true" },
        new(Console, "USER", "UPDATE", "TAILNET") { Property = "MAX_KEY_DURATION", Old = "180", New = "90" },
        new(Console, "USER", "CREATE", "TAILNET")
        {
            Property = "LOGSTREAM_ENDPOINT",
            New = """{"provider":"splunk","logstreamType":"network","endpointURL":"http://[fd7a:115c:a1e0::1]:8088/services/collector/event"}""",
        },
        new(Console, "USER", "UPDATE", "USER") { TargetId = "{userId}", TargetName = "{user}", Property = "USER_ROLE", Old = "\"member\"", New = "\"network-admin\"" },
        new("IDENTITY_PROVIDER", "SCIM", "SUSPEND", "USER") { TargetId = "{userId}", TargetName = "{user}" },
        new("CONTROL", "LOGSTREAM", "UPDATE", "FAILED_REQUEST")
        {
            TargetId = "",
            TargetName = "",
            Details = "log streaming upload failed",
            Error = "unexpected status 503",
        },
        new("NODE", "NODE", "UPDATE", "NODE") { TargetId = "{nodeId}", TargetName = "{node}", Property = "AUTO_APPROVED_ROUTES", Old = "[]", New = """["192.168.40.0/24"]""" },
    ];

    static string Text(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    static AuditScenario Node(string action, string property) => new(Console, "USER", action, "NODE")
    {
        TargetId = "{nodeId}",
        TargetName = "{node}",
        Property = property,
        IsEphemeral = false,
    };
}
