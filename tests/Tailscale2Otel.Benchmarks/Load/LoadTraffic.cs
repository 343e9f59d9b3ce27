using System.Globalization;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>The tailnet of the load: each node reports in turn and talks to ten others at once, to others the next time.</summary>
/// <param name="pairs">Different pairs of source and destination, rounded to whole requests.</param>
/// <param name="isNamed">Destinations are nodes of the tailnet, and records name both ends.</param>
sealed class LoadTraffic(int nodes, int pairs, bool isNamed)
{
    /// <summary>Hosts of an address range, without those that end in 0, 254 or 255.</summary>
    const int Hosts = 250;

    public static readonly LoadTraffic Default = new(400, 32_000, isNamed: false);

    public bool IsNamed => isNamed;

    /// <summary>Requests until everything repeats.</summary>
    public int Requests => (Math.Max(pairs / LoadBody.Connections, nodes) + LoadBody.Records - 1) / LoadBody.Records;

    public static string NodeId(int node) => string.Create(CultureInfo.InvariantCulture, $"n{node:D6}CNTRL");

    /// <summary>srcNode and dstNodes of a record.</summary>
    public static string Names(LoadRecord record) =>
        $"\"srcNode\":{Name(record.Node)},\"dstNodes\":[{string.Join(',', record.Peers.Distinct().Select(Name))}]";

    public LoadRecord Record(int number)
    {
        var node = number % nodes;
        var turn = number / nodes;
        int[] peers = [.. Enumerable.Range(0, LoadBody.Connections).Select(c => (node + 1 + (turn * LoadBody.Connections) + c) % nodes)];
        return isNamed
            ? new LoadRecord(node, Address(node), peers, [.. peers.Select(Address)])
            : new LoadRecord(node, Address(node), [], [.. Enumerable.Range(0, LoadBody.Connections).Select(c => Address(Scatter((number * LoadBody.Connections) + c)))]);
    }

    static string Name(int node) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"nodeId\":\"{NodeId(node)}\",\"name\":\"node-{node}.tail-example.ts.net\",\"addresses\":[\"{Address(node)}\"]}}");

    /// <summary>Every number below 60 * 250 * 250 has an address of its own.</summary>
    static string Address(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"100.{64 + (number / Hosts / Hosts % 60)}.{number / Hosts % Hosts}.{1 + (number % Hosts)}");

    /// <summary>Neighbours far apart, and none twice: the factor and the number of addresses have no divisor in common.</summary>
    static int Scatter(int number) => (int)(number * 2_654_435_761L % (60 * Hosts * Hosts));
}
