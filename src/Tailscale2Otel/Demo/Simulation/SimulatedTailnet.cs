using System.Buffers;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>
/// A made-up tailnet that produces flow and audit records as Tailscale's log stream carries them to a Splunk HTTP Event
/// Collector and as its API answers with them. The same seed and the same times give the same bytes. Not thread-safe.
/// </summary>
sealed class SimulatedTailnet
{
    public const int MinNodes = 3;

    const long Second = 1_000_000_000;

    readonly Random _random;
    readonly SimulatedChanges _changes;
    readonly Queue<FlowWindow> _windows = [];

    /// <param name="nodes">At least <see cref="MinNodes"/>: a subnet router, an exit node and somebody to use them.</param>
    public SimulatedTailnet(int nodes, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, MinNodes);
        _random = new Random(seed);
        var factory = new NodeFactory(_random);
        Users = factory.Users(nodes);
        Nodes = factory.Nodes(nodes, Users);
        _changes = new SimulatedChanges(Nodes, Users, _random);
    }

    public SimulatedNode[] Nodes { get; }

    public SimulatedUser[] Users { get; }

    /// <summary>
    /// The next node's flow record. Its window of about five seconds ended a moment before <paramref name="recorded"/>; where more
    /// records are asked for than the nodes have windows, the windows of one node overlap.
    /// </summary>
    public SimulatedFlow NextFlow(DateTimeOffset recorded)
    {
        while (_windows.Count == 0)
        {
            foreach (var window in new TrafficRound(Nodes, _random).Run())
                _windows.Enqueue(window);
        }

        var at = Nanoseconds(recorded);
        var end = at - _random.NextInt64(Second / 2, 4 * Second);
        var start = end - (5 * Second) - _random.NextInt64(Second / 5);
        return new SimulatedFlow(_windows.Dequeue(), start, end, at);
    }

    /// <summary>The next audit record.</summary>
    public SimulatedAudit NextAudit(DateTimeOffset recorded) => _changes.Next(Nanoseconds(recorded));

    /// <summary>Appends one HEC object with the next flow record.</summary>
    public void WriteFlow(IBufferWriter<byte> output, DateTimeOffset recorded) => NextFlow(recorded).WriteStream(output);

    /// <summary>Appends one HEC object with the next audit record.</summary>
    public void WriteAudit(IBufferWriter<byte> output, DateTimeOffset recorded) => NextAudit(recorded).WriteStream(output);

    /// <summary>The clock ticks in 100 ns; the last digits are made up so that every record has nanoseconds.</summary>
    long Nanoseconds(DateTimeOffset time) => UnixTime.Nanoseconds(time) + _random.Next(100);
}
