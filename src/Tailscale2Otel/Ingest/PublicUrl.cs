using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Ingest;

/// <summary>An address that Tailscale is to send to.</summary>
static class PublicUrl
{
    /// <summary>What is wrong with it, without saying what it is; null when nothing is.</summary>
    public static string? Problem(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0 || uri.Port is < 1 or > 65_535)
            return "an absolute address such as https://otel.example.com:8088/services/collector/event";
        if (uri.UserInfo.Length > 0)
            return "must hold no user or password; the token is sent beside it";
        return IsIPv4(uri) ? "must not be an IPv4 address, which Tailscale does not stream to; use a name" : null;
    }

    /// <summary>Also in the form of an IPv6 address.</summary>
    public static bool IsIPv4(Uri uri) =>
        IPAddress.TryParse(uri.DnsSafeHost, out var address) && (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6);
}
