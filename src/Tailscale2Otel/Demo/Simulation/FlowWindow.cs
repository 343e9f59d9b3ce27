using System.Runtime.InteropServices;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>What one node counted in one window of a few seconds.</summary>
sealed class FlowWindow(SimulatedNode reporter)
{
    readonly Dictionary<TrafficRow, TrafficCounts> _rows = [];
    readonly SortedDictionary<string, SimulatedNode> _peers = new(StringComparer.Ordinal);

    public SimulatedNode Reporter { get; } = reporter;

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Every other node seen, by node ID.</summary>
    public IEnumerable<SimulatedNode> Peers => _peers.Values;

    /// <summary>Rows in the order in which a node writes them.</summary>
    public IEnumerable<KeyValuePair<TrafficRow, TrafficCounts>> Rows => _rows.OrderBy(row => row.Key);

    /// <summary>Adds to the row that is equal, as scrubbed rows often are.</summary>
    public void Add(TrafficRow row, TrafficCounts counts)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, row, out _);
        sum += counts;
    }

    /// <summary>The encrypted packets to and from a peer: the peer, not the reporter, is the source of the row.</summary>
    public void AddPath(SimulatedNode peer, FlowEndpoint reachedAt, TrafficCounts counts)
    {
        _peers[peer.Id] = peer;
        Add(new TrafficRow(TrafficKind.Physical, new FlowEndpoint(peer.IPv4, 0), reachedAt, 0), counts.Encrypted);
    }
}
