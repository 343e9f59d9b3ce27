using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Where a log is streamed to, and the rules for that.</summary>
/// <param name="Members">As they were put, without the secrets.</param>
/// <param name="IsPrivate">A node of the tailnet.</param>
sealed record StreamDestination(string Type, Uri? Url, string User, Secret Token, JsonObject Members, bool IsPrivate)
{
    static readonly string[] Types = ["splunk", "elastic", "panther", "cribl", "datadog", "axiom", "s3", "gcs"];
    static readonly string[] ObjectStores = ["s3", "gcs"];
    static readonly string[] WriteOnly = ["token", "s3SecretAccessKey", "logType"];
    static readonly IPNetwork Cgnat = new(IPAddress.Parse("100.64.0.0"), 10);
    static readonly IPNetwork Tailscale = new(IPAddress.Parse("fd7a:115c:a1e0::"), 48);

    /// <summary>Null, and the reason, when the API would not take it.</summary>
    /// <param name="domain">Of the tailnet's MagicDNS names.</param>
    public static StreamDestination? Of(JsonObject body, string domain, out string problem)
    {
        problem = "";
        var type = Text(body, "destinationType");
        if (!Types.Contains(type))
            problem = "destinationType is not one of " + string.Join(", ", Types);
        var address = Text(body, "url");
        var url = Uri.TryCreate(address, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" ? parsed : null;
        if (problem.Length == 0 && url is null && (address.Length > 0 || !ObjectStores.Contains(type)))
            problem = "url is not an absolute http:// or https:// URL";
        var isPrivate = url is not null && IsPrivateHost(url, domain);
        if (problem.Length == 0 && url is not null)
            problem = ProblemOf(url, isPrivate);
        if (problem.Length > 0)
            return null;

        var members = body.DeepClone().AsObject();
        foreach (var name in WriteOnly)
            members.Remove(name);
        return new StreamDestination(type, url, Text(body, "user"), new Secret(Text(body, "token")), members, isPrivate);
    }

    /// <summary>A node's MagicDNS name, its short name, or its IPv6 address of Tailscale.</summary>
    public static bool IsPrivateHost(Uri url, string domain) =>
        IPAddress.TryParse(url.IdnHost, out var ip)
            ? Tailscale.Contains(ip)
            : !url.IdnHost.Contains('.', StringComparison.Ordinal) || url.IdnHost.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    static string ProblemOf(Uri url, bool isPrivate)
    {
        if (IPAddress.TryParse(url.IdnHost, out var ip) && ip.AddressFamily == AddressFamily.InterNetwork && Cgnat.Contains(ip))
            return "a private endpoint is named by its MagicDNS name or its IPv6 address: IPv4 addresses of Tailscale are not unique between tailnets";
        return url.Scheme == "http" && !isPrivate ? "http:// is for private endpoints only; use https://" : "";
    }

    static string Text(JsonObject body, string name) => body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
