namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What a request looked like. The credential in it is not kept.</summary>
sealed class ControlPlaneRequest(ApiEndpoint endpoint, string method, string path, string query, bool hasAuthorization, string userAgent, DateTimeOffset at)
{
    public ApiEndpoint Endpoint => endpoint;

    public string Method => method;

    public string Path => path;

    /// <summary>With its question mark; empty when there was none.</summary>
    public string Query => query;

    public bool HasAuthorization => hasAuthorization;

    public string UserAgent => userAgent;

    /// <summary>When it came, by the server's clock.</summary>
    public DateTimeOffset At => at;

    /// <summary>Nothing goes out, whatever the server believes.</summary>
    public bool IsLost { get; set; }

    /// <summary>Of the answer; 0 while, and when, none was sent.</summary>
    public int Status { get; set; }

    public override string ToString() => $"{Method} {Path}{Query} {Status}";
}
