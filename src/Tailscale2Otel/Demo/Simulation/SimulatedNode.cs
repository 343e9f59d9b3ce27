using System.Net;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One node of the simulated tailnet: what a flow record says of it and where its peers reach it.</summary>
sealed record SimulatedNode
{
    /// <summary>Stable node ID.</summary>
    public required string Id { get; init; }

    /// <summary>MagicDNS name without the trailing dot.</summary>
    public required string Name { get; init; }

    public required IPAddress IPv4 { get; init; }

    public required IPAddress IPv6 { get; init; }

    public required NodeRole Role { get; init; }

    public required string Os { get; init; }

    /// <summary>Owner; null when the node is tagged, since it is one or the other.</summary>
    public SimulatedUser? User { get; init; }

    /// <summary>Sorted; empty when a user owns the node.</summary>
    public string[] Tags { get; init; } = [];

    /// <summary>Where direct packets go.</summary>
    public required IPEndPoint Underlay { get; init; }

    /// <summary>Home region, through which the node is reached when no direct path exists.</summary>
    public required int DerpRegion { get; init; }

    /// <summary>Clients before 1.92 report no node objects.</summary>
    public bool IsOldClient { get; init; }
}
