namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Who talks to whom in one flow record.</summary>
/// <param name="Peers">Nodes at the destinations, when they are nodes.</param>
sealed record LoadRecord(int Node, string Source, IReadOnlyList<int> Peers, IReadOnlyList<string> Destinations);
