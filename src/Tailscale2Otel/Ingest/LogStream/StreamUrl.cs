using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// What can be told of a public URL before Tailscale is asked to stream to it; with an error it is not asked. The rules of hosts
/// and schemes are Tailscale's for private endpoints, see docs/private-endpoint.md. No text quotes the URL.
/// </summary>
/// <param name="IsPrivate">Tailscale reaches its host through the tailnet, or would if nothing else answered there.</param>
sealed record StreamUrl(bool IsPrivate, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    static readonly IPNetwork NodesV4 = IPNetwork.Parse("100.64.0.0/10");
    static readonly IPNetwork NodesV6 = IPNetwork.Parse("fd7a:115c:a1e0::/48");

    static readonly IPNetwork[] LocalNetworks =
    [
        .. new[] { "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10" }
            .Select(IPNetwork.Parse),
    ];

    public static StreamUrl Examine(string text, StreamReceiver receiver)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            return new StreamUrl(false, ["must be an absolute http or https URL, as in https://logs.example.com/services/collector/event"], []);

        List<string> errors = [];
        List<string> warnings = [];
        var host = HostOf(url);
        CheckForm(url, errors, warnings);
        CheckHost(url, host, errors);
        if (errors.Count == 0)
            CheckReceiver(url, host, receiver, errors, warnings);
        return new StreamUrl(IsNode(host), errors, warnings);
    }

    /// <summary>Whether two texts name one URL: a default port or the case of the host make no difference.</summary>
    public static bool AreSame(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal)
        || (Uri.TryCreate(one, UriKind.Absolute, out var a) && Uri.TryCreate(other, UriKind.Absolute, out var b) && a.AbsoluteUri == b.AbsoluteUri);

    public static StreamHost HostOf(Uri url)
    {
        if (url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return HostOf(IPAddress.Parse(url.DnsSafeHost));

        var name = url.IdnHost.TrimEnd('.');
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return StreamHost.Local;
        if (name.EndsWith(".ts.net", StringComparison.OrdinalIgnoreCase))
            return StreamHost.MagicName;
        return name.Contains('.') ? StreamHost.Name : StreamHost.NodeName;
    }

    static StreamHost HostOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return NodesV4.Contains(address) ? StreamHost.NodeIPv4
            : NodesV6.Contains(address) ? StreamHost.NodeIPv6
            : LocalNetworks.Any(n => n.Contains(address)) ? StreamHost.Local
            : StreamHost.Address;
    }

    static bool IsNode(StreamHost host) => host is StreamHost.NodeName or StreamHost.MagicName or StreamHost.NodeIPv6;

    static void CheckForm(Uri url, List<string> errors, List<string> warnings)
    {
        if (url.Port is < 1 or > 65535)
            errors.Add("the port must be between 1 and 65535");
        if (url.UserInfo.Length > 0)
            errors.Add("must not contain a user or a password: the token goes into streaming.token");
        if (url.Fragment.Length > 0)
            errors.Add("must not have a fragment (#)");
        if (url.Query.Length > 0)
            warnings.Add("it has a query, which Tailscale sends with every request and proxies write into their logs: leave it out unless something in front needs it");
    }

    static void CheckHost(Uri url, StreamHost host, List<string> errors)
    {
        if (host == StreamHost.NodeIPv4)
            errors.Add("Tailscale refuses an IPv4 address of a tailnet (100.64.0.0/10), since such addresses may repeat between tailnets: write the node's name, or its IPv6 address as tailscale ip -6 says it");
        else if (host == StreamHost.Local)
            errors.Add("Tailscale cannot reach an address of this machine or of a local network: write the node's name or its Tailscale IPv6 address, or a public name with https");
        else if (PublicUrl.IsIPv4(url))
            errors.Add("must not be an IPv4 address, which Tailscale does not stream to: write a name");
        else if (url.Scheme == Uri.UriSchemeHttp && !IsNode(host))
            errors.Add("plain HTTP goes only to a node of the tailnet: its short name, its .ts.net name, or its IPv6 address in fd7a:115c:a1e0::/48; any other host needs https");
    }

    static void CheckReceiver(Uri url, StreamHost host, StreamReceiver receiver, List<string> errors, List<string> warnings)
    {
        if (Trim(url.AbsolutePath) != Trim(receiver.Path))
            warnings.Add($"its path is not the receiver's, {receiver.Path}: unless something in front rewrites it, every delivery ends in 404 or in another tailnet");
        if (!IsNode(host))
            return;

        if (url.Scheme == Uri.UriSchemeHttp)
            CheckPlain(url, receiver, warnings);
        else if (!receiver.HasTls && host != StreamHost.MagicName)
            warnings.Add("it says https, but the receiver speaks plain HTTP: set streaming.tls, or write http, which is as safe inside the tailnet");
        CheckListener(url, host, receiver, errors, warnings);
    }

    static void CheckPlain(Uri url, StreamReceiver receiver, List<string> warnings)
    {
        warnings.Add("it is a private endpoint: the tailnet policy must let logstream@tailscale reach the node's IPv6 address on this port, the receiver must listen on IPv6, and the credential needs the scopes device_invites and policy_file beside log_streaming (docs/private-endpoint.md)");
        if (receiver.HasTls)
            warnings.Add("it says http, but the receiver speaks TLS: write https, or remove streaming.tls");
        if (receiver.Listen is { } listen && listen.Port != url.Port)
            warnings.Add($"its port is {url.Port} and the receiver's {listen.Port}: unless tailscale serve forwards the one to the other, nothing arrives");
    }

    static void CheckListener(Uri url, StreamHost host, StreamReceiver receiver, List<string> errors, List<string> warnings)
    {
        if (receiver.Listen is not { } listen)
            return;

        if (listen.IsLoopback)
            warnings.Add($"the receiver listens on {listen}, which is reached from this machine alone: tailscale serve or Funnel must forward to it");
        else if (listen.Address!.AddressFamily == AddressFamily.InterNetwork && (url.Scheme == Uri.UriSchemeHttp || host != StreamHost.MagicName))
            errors.Add($"the receiver listens on {listen}, IPv4 alone, and Tailscale comes to a private endpoint over IPv6: set streaming.listen to \":{listen.Port}\" or to the node's IPv6 address");
    }

    static string Trim(string path) => path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
}
