using System.Net;
using Microsoft.Net.Http.Headers;

namespace Tailscale2Otel.Ingest;

/// <summary>
/// What a receiver without a credential answers: only what arrives on a loopback listener, and there only what no web page in a
/// browser on this machine can send (Fetch standard, "CORS-safelisted request-header" and the Sec-Fetch headers).
/// </summary>
static class OpenAccess
{
    public static OpenAccessVerdict Check(HttpRequest request, bool isLoopbackListener) =>
        !isLoopbackListener ? OpenAccessVerdict.Closed : IsFromBrowser(request) ? OpenAccessVerdict.CrossSite : OpenAccessVerdict.Open;

    static bool IsFromBrowser(HttpRequest request)
    {
        var headers = request.Headers;
        return headers.Origin.Count > 0
            || !IsOneOf(headers["Sec-Fetch-Site"], "none", "same-origin")
            || !IsOneOf(headers["Sec-Fetch-Mode"], "cors", "same-origin")
            || !IsOneOf(headers["Sec-Fetch-Dest"], "empty", "empty")
            || IsSafelisted(request.ContentType)
            || !IsLoopback(request.Host.Host);
    }

    static bool IsOneOf(string? value, string one, string other) =>
        string.IsNullOrEmpty(value) || value.Equals(one, StringComparison.OrdinalIgnoreCase) || value.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The types that a page may post anywhere without asking, and what cannot be read.</summary>
    static bool IsSafelisted(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            return false;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return true;
        return type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Any other name may be a page's own, pointed at this machine (DNS rebinding). HTTP/1.0 needs none.</summary>
    static bool IsLoopback(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
