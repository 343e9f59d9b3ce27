using System.Web;

namespace Tailscale2Otel.Tests.Tailscale;

/// <summary>What came to an <see cref="ApiServer"/>.</summary>
sealed record ApiServerRequest(string Method, string Path, string Query, string Authorization, string UserAgent, string Body)
{
    /// <summary>A field of a form.</summary>
    public string? Field(string name) => HttpUtility.ParseQueryString(Body)[name];
}
