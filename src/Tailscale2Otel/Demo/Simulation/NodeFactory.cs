using System.Buffers.Binary;
using System.Net;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Makes up the nodes of a tailnet: a subnet router, an exit node, servers and people's devices.</summary>
sealed class NodeFactory(Random random)
{
    public const string Domain = "tail-demo.ts.net";

    const string IdCharacters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    static readonly string[] People = ["Ada", "Grace", "Katherine", "Barbara", "Edsger", "Alan", "Frances", "Dennis", "Radia", "Ken"];
    static readonly string[] Services = ["web", "db", "ci", "cache", "mail", "metrics", "files", "queue"];
    static readonly (string Device, string Os)[] Devices = [("laptop", "macOS"), ("phone", "iOS"), ("desktop", "windows"), ("workstation", "linux"), ("tablet", "android")];

    /// <summary>Regions as they are numbered in Tailscale's public DERP map.</summary>
    static readonly int[] DerpRegions = [1, 2, 4, 5, 9, 10, 18];

    readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    readonly int _addressOffset = random.Next();

    public SimulatedUser[] Users(int nodes)
    {
        var count = Math.Clamp(nodes / 4, 1, People.Length);
        return [.. People.Take(count).Select(name => new SimulatedUser(Id('u'), $"{name.ToLowerInvariant()}@example.com", $"{name} Example"))];
    }

    public SimulatedNode[] Nodes(int count, SimulatedUser[] users)
    {
        var nodes = new SimulatedNode[count];
        for (var i = 0; i < count; i++)
            nodes[i] = Node(i, users);
        return nodes;
    }

    SimulatedNode Node(int index, SimulatedUser[] users)
    {
        // The first two are the ones every tailnet of the demo must have; then two servers for every three personal devices.
        var role = index switch
        {
            0 => NodeRole.SubnetRouter,
            1 => NodeRole.ExitNode,
            _ => index % 5 < 2 || index == 2 ? NodeRole.Server : NodeRole.Personal,
        };
        var user = role == NodeRole.Personal ? users[index % users.Length] : null;
        var service = Services[index % Services.Length];
        var (device, deviceOs) = Devices[index % Devices.Length];
        var host = role switch
        {
            NodeRole.SubnetRouter => "office-router",
            NodeRole.ExitNode => "exit-fra",
            NodeRole.Server => $"{service}-{index}",
            _ => $"{user!.DisplayName.Split(' ')[0].ToLowerInvariant()}-{device}-{index}",
        };
        string[] tags = role switch
        {
            NodeRole.SubnetRouter => ["tag:router"],
            NodeRole.ExitNode => ["tag:exit"],
            NodeRole.Server => ["tag:prod", $"tag:{service}"],
            _ => [],
        };
        Array.Sort(tags, StringComparer.Ordinal);
        return new SimulatedNode
        {
            Id = Id('n'),
            Name = $"{host}.{Domain}",
            IPv4 = TailscaleIPv4(index),
            IPv6 = TailscaleIPv6(index),
            Role = role,
            Os = user is null ? "linux" : deviceOs,
            User = user,
            Tags = tags,
            Underlay = Underlay(index),
            DerpRegion = DerpRegions[random.Next(DerpRegions.Length)],
            IsOldClient = index % 12 == 7,
        };
    }

    /// <summary>Looks like <c>nWEB1aaCNTRL</c>.</summary>
    public string Id(char kind)
    {
        string id;
        do
        {
            id = kind + string.Concat(random.GetItems<char>(IdCharacters, 9)) + "CNTRL";
        }
        while (!_ids.Add(id));
        return id;
    }

    /// <summary>Of 100.64.0.0/10 the lower half, which Tailscale's own service address 100.100.100.100 is not in.</summary>
    IPAddress TailscaleIPv4(int index)
    {
        // An odd factor walks through all 2^21 addresses without meeting one twice.
        var host = unchecked((uint)(_addressOffset + (index * 2_654_435_761L))) & 0x1FFFFF;
        return new IPAddress([100, (byte)(64 + (host >> 16)), (byte)(host >> 8), (byte)host]);
    }

    static IPAddress TailscaleIPv6(int index)
    {
        var bytes = IPAddress.Parse("fd7a:115c:a1e0::").GetAddressBytes();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), index + 1);
        return new IPAddress(bytes);
    }

    /// <summary>Documentation addresses (RFC 5737, RFC 3849), one in four IPv6.</summary>
    static IPEndPoint Underlay(int index)
    {
        if (index % 4 == 3)
        {
            var bytes = IPAddress.Parse("2001:db8::1").GetAddressBytes();
            (bytes[6], bytes[7]) = ((byte)(index >> 8), (byte)index);
            return new IPEndPoint(new IPAddress(bytes), 41641);
        }

        return new IPEndPoint(new IPAddress([203, 0, 113, (byte)(1 + (index % 250))]), 41641 + (index / 250));
    }
}
