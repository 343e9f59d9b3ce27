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
        return uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.IdnHost, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? "Tailscale takes plain http only with a name or an IPv6 address; use https, or the name"
            : null;
    }
}
