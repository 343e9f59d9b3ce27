using System.Net;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What a simulated control plane knows from its beginning.</summary>
sealed record ControlPlaneSettings
{
    /// <summary>The tailnet's name, which paths may have in place of <c>-</c>; also the domain of its MagicDNS names.</summary>
    public string Tailnet { get; init; } = NodeFactory.Domain;

    /// <summary>The tailnet's ID, which paths may have likewise.</summary>
    public string TailnetId { get; init; } = "TdemoTailCNTRL";

    /// <summary>Its devices.</summary>
    public IReadOnlyList<SimulatedNode> Nodes { get; init; } = [];

    /// <summary>Scopes of the OAuth client: a token can be asked for with any of them.</summary>
    public IReadOnlyList<string> ClientScopes { get; init; } = ["all"];

    /// <summary>Scopes of the federated credential, which all of its tokens have.</summary>
    public IReadOnlyList<string> FederatedScopes { get; init; } = ["all:read"];

    public TimeSpan NetworkRetention { get; init; } = TimeSpan.FromDays(30);

    public TimeSpan ConfigurationRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of each log; beyond that the oldest records go before their time.</summary>
    public long MaxLogBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Where the tailnet's nodes are reached: a log stream to a private host goes to the same port there.</summary>
    public IPAddress NodeAddress { get; init; } = IPAddress.Loopback;
}
