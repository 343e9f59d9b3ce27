namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>What the host of a public URL is to Tailscale.</summary>
enum StreamHost
{
    /// <summary>A name of the internet.</summary>
    Name,

    /// <summary>An address of the internet.</summary>
    Address,

    /// <summary>One label: a node of the tailnet.</summary>
    NodeName,

    /// <summary>A name below <c>ts.net</c>: a node of the tailnet, or what it shows to the internet with Funnel.</summary>
    MagicName,

    /// <summary>An address in <c>fd7a:115c:a1e0::/48</c>.</summary>
    NodeIPv6,

    /// <summary>An address in <c>100.64.0.0/10</c>.</summary>
    NodeIPv4,

    /// <summary>This machine or a network of its own, as seen from wherever one stands.</summary>
    Local,
}
