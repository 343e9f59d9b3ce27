using System.Net;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>
/// A few seconds of traffic between all nodes. Every conversation is counted at both of its ends, with sent and received
/// swapped, as two real nodes would report it.
/// </summary>
sealed class TrafficRound(SimulatedNode[] nodes, Random random)
{
    const int Icmp = 1;
    const int Tcp = 6;
    const int Udp = 17;
    const int IcmpV6 = 58;

    /// <summary>Tailscale's own in-band protocol: a node refused a connection.</summary>
    const int Tsmp = 99;

    static readonly (int Protocol, int Port)[] Services =
        [(Tcp, 443), (Tcp, 22), (Tcp, 5432), (Udp, 53), (Tcp, 8080), (Tcp, 6379), (Tcp, 445), (Udp, 123), (Tcp, 3389)];

    static readonly (int Protocol, int Port)[] LanServices = [(Tcp, 22), (Tcp, 631), (Tcp, 443), (Tcp, 502), (Udp, 161)];

    readonly Dictionary<string, FlowWindow> _windows = nodes.ToDictionary(n => n.Id, n => new FlowWindow(n), StringComparer.Ordinal);

    SimulatedNode Router => nodes[0];

    SimulatedNode ExitNode => nodes[1];

    /// <summary>What each node that saw traffic would report, in no order.</summary>
    public FlowWindow[] Run()
    {
        foreach (var node in nodes)
        {
            for (var talks = random.Next(1, 4); talks > 0; talks--)
                Talk(node);
        }

        var windows = _windows.Values.Where(w => !w.IsEmpty).ToArray();
        random.Shuffle(windows);
        return windows;
    }

    void Talk(SimulatedNode client)
    {
        var peer = nodes[random.Next(nodes.Length)];
        if (peer == client)
            return;
        switch (random.Next(100))
        {
            case < 60:
                Connect(client, peer);
                break;
            case < 70:
                Ping(client, peer);
                break;
            case < 75:
                Refuse(client, peer);
                break;
            case < 88 when client != Router:
                ReachLan(client);
                break;
            case >= 88 when client != ExitNode:
                Browse(client);
                break;
            default:
                Connect(client, peer);
                break;
        }
    }

    void Connect(SimulatedNode client, SimulatedNode server)
    {
        var (protocol, port) = Services[random.Next(Services.Length)];
        var v6 = random.Next(3) == 0;
        var from = new FlowEndpoint(v6 ? client.IPv6 : client.IPv4, EphemeralPort());
        var to = new FlowEndpoint(v6 ? server.IPv6 : server.IPv4, port);
        // A datagram service does not always answer; the counters of the missing direction are then not written.
        var answered = protocol == Tcp || random.Next(5) > 0;
        Virtual(client, server, from, to, protocol, Counts(random.Next(1, 200), answered ? random.Next(1, 400) : 0));
    }

    void Ping(SimulatedNode client, SimulatedNode peer)
    {
        var v6 = random.Next(4) == 0;
        var packets = (ulong)random.Next(1, 6);
        var from = new FlowEndpoint(v6 ? client.IPv6 : client.IPv4, 0);
        var to = new FlowEndpoint(v6 ? peer.IPv6 : peer.IPv4, 0);
        var size = v6 ? 104UL : 84UL;
        Virtual(client, peer, from, to, v6 ? IcmpV6 : Icmp, new TrafficCounts(packets, packets * size, packets, packets * size));
    }

    /// <summary>The refusing node sends one packet; the connection itself is not logged.</summary>
    void Refuse(SimulatedNode client, SimulatedNode peer) =>
        Virtual(client, peer, new FlowEndpoint(client.IPv4, 0), new FlowEndpoint(peer.IPv4, 0), Tsmp, new TrafficCounts(0, 0, 1, 56));

    void Virtual(SimulatedNode client, SimulatedNode peer, FlowEndpoint from, FlowEndpoint to, int protocol, TrafficCounts counts)
    {
        Window(client).Add(new TrafficRow(TrafficKind.Virtual, from, to, protocol), counts);
        Window(peer).Add(new TrafficRow(TrafficKind.Virtual, to, from, protocol), counts.Mirrored);
        Underlay(client, peer, counts);
    }

    /// <summary>For the router its side is the LAN, so that what it calls sent goes from the LAN to the client.</summary>
    void ReachLan(SimulatedNode client)
    {
        var (protocol, port) = LanServices[random.Next(LanServices.Length)];
        var from = new FlowEndpoint(client.IPv4, EphemeralPort());
        var to = new FlowEndpoint(new IPAddress([192, 168, 40, (byte)random.Next(10, 60)]), port);
        var counts = Counts(random.Next(1, 60), random.Next(1, 120));
        Window(client).Add(new TrafficRow(TrafficKind.Subnet, from, to, protocol), counts);
        Window(Router).Add(new TrafficRow(TrafficKind.Subnet, to, from, protocol), counts.Mirrored);
        Underlay(client, Router, counts);
    }

    /// <summary>Scrubbed on both nodes before upload: no protocol, no ports, no address outside the tailnet.</summary>
    void Browse(SimulatedNode client)
    {
        var counts = Counts(random.Next(10, 300), random.Next(10, 900));
        var user = new FlowEndpoint(client.IPv4, 0);
        Window(client).Add(new TrafficRow(TrafficKind.Exit, user, FlowEndpoint.Scrubbed, 0), counts);
        // Of the way out to the internet the exit node sees one side in the tailnet, or none once it has translated the address.
        var seen = random.Next(2) == 0 ? user : FlowEndpoint.Scrubbed;
        Window(ExitNode).Add(new TrafficRow(TrafficKind.Exit, FlowEndpoint.Scrubbed, seen, 0), counts.Mirrored);
        Underlay(client, ExitNode, counts);
    }

    void Underlay(SimulatedNode client, SimulatedNode peer, TrafficCounts counts)
    {
        var relayed = IsRelayed(client, peer);
        Window(client).AddPath(peer, relayed ? FlowEndpoint.Derp(peer.DerpRegion) : FlowEndpoint.Of(peer.Underlay), counts);
        Window(peer).AddPath(client, relayed ? FlowEndpoint.Derp(client.DerpRegion) : FlowEndpoint.Of(client.Underlay), counts.Mirrored);
    }

    /// <summary>One pair in four finds no direct path, always the same ones.</summary>
    static bool IsRelayed(SimulatedNode left, SimulatedNode right) => (left.IPv6.GetAddressBytes()[15] + right.IPv6.GetAddressBytes()[15]) % 4 == 0;

    TrafficCounts Counts(int sent, int received) => new(
        (ulong)sent,
        (ulong)(sent * random.Next(52, 900)),
        (ulong)received,
        (ulong)(received * random.Next(52, 1280)));

    int EphemeralPort() => random.Next(49152, 65536);

    FlowWindow Window(SimulatedNode node) => _windows[node.Id];
}
