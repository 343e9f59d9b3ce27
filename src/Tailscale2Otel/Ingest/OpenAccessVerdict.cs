namespace Tailscale2Otel.Ingest;

enum OpenAccessVerdict
{
    Open,

    /// <summary>The listener is reachable from elsewhere.</summary>
    Closed,

    /// <summary>A web page may have sent it.</summary>
    CrossSite,
}
