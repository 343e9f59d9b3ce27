using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>A flow record as values, to be written down in as many ways as senders have.</summary>
sealed record SomeFlow(string NodeId, long Start, long End, IReadOnlyList<SomeFlow.Row> Rows)
{
    const string Nodes = """
        "srcNode":{"nodeId":"n1","name":"web-1.example.ts.net","addresses":["100.64.10.1","fd7a:115c:a1e0::a01"],"tags":["tag:web"]},
        "dstNodes":[{"nodeId":"n2","name":"lap.example.ts.net","addresses":["100.64.20.5"],"user":"ada@example.com","os":"macOS"}]
        """;

    static readonly string[] Arrays = ["virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic"];

    static readonly Dictionary<int, string[]> ProtocolSpellings = new()
    {
        [0] = ["0", "null", "\"\""],
        [1] = ["1", "\"1\"", "\"icmp\"", "\"ICMPv4\""],
        [6] = ["6", "\"6\"", "\"tcp\"", "\"TCP\"", "6.0"],
        [17] = ["17", "\"17\"", "\"udp\"", "\"Udp\""],
        [58] = ["58", "\"ipv6-icmp\"", "\"icmpv6\""],
        [255] = ["255", "\"255\""],
    };

    public static Gen<SomeFlow> Gen { get; } =
        from node in FsCheck.Fluent.Gen.Elements("n1", "nWEB1aaCNTRL")
        from start in FsCheck.Fluent.Gen.Choose(0, 999_999_999)
        from length in FsCheck.Fluent.Gen.Choose(0, 1_000_000_000)
        from count in FsCheck.Fluent.Gen.Frequency((9, FsCheck.Fluent.Gen.Choose(0, 20)), (1, FsCheck.Fluent.Gen.Choose(30, 60)))
        from rows in RowGen.ListOf(count)
        select new SomeFlow(node, 1_785_153_600_000_000_000 + start, 1_785_153_605_000_000_000 + start + length, [.. rows]);

    static Gen<Row> RowGen =>
        from array in FsCheck.Fluent.Gen.Choose(0, 3)
        from protocol in FsCheck.Fluent.Gen.Elements(ProtocolSpellings.Keys.ToArray())
        from src in FsCheck.Fluent.Gen.Elements("", "100.64.10.1:443", "100.64.20.5:0", "[fd7a:115c:a1e0::a01]:5", "192.0.2.1:53", "100.64.99.9:80", "[fe80::1%eth0]:1")
        from dst in FsCheck.Fluent.Gen.Elements("", "100.64.20.5:22", "127.3.3.40:10", "203.0.113.9:41641", "[2001:db8::1]:443", "100.64.10.1:0")
        from counters in FsCheck.Fluent.Gen.Elements(0UL, 1UL, 168UL, 65_536UL, ulong.MaxValue).ListOf(4)
        select new Row(array, protocol, src, dst, counters[0], counters[1], counters[2], counters[3]);

    /// <summary>As nodes write it: members in order, rows in order, nothing that is zero.</summary>
    public string Plain() => Write(null);

    /// <summary>Rows and members in any order, zeros written or not, numbers quoted or not, protocols as numbers or names.</summary>
    public string Disguised(int seed) => Write(new Random(seed));

    string Write(Random? random)
    {
        var members = new List<string>
        {
            $"\"nodeId\":\"{NodeId}\"",
            $"\"start\":\"{Time(Start, random)}\"",
            $"\"end\":\"{Time(End, random)}\"",
            Nodes,
        };
        for (var i = 0; i < Arrays.Length; i++)
        {
            string[] rows = [.. Rows.Where(r => r.Array == i).Select(r => r.Write(random))];
            if (rows.Length > 0)
                members.Add($"\"{Arrays[i]}\":[{string.Join(',', Shuffle(rows, random))}]");
            else if (random is not null)
                members.Add($"\"{Arrays[i]}\":{(random.Next(2) == 0 ? "null" : "[]")}");
        }

        return $"{{{string.Join(',', Shuffle([.. members], random))}}}";
    }

    static string Time(long time, Random? random)
    {
        Span<byte> text = stackalloc byte[EventTime.MaxTextLength];
        var utc = Encoding.ASCII.GetString(text[..EventTime.Format(time, text)]);
        return random?.Next(2) == 1 ? utc.Replace("Z", "+00:00", StringComparison.Ordinal) : utc;
    }

    static string[] Shuffle(string[] parts, Random? random)
    {
        random?.Shuffle(parts);
        return parts;
    }

    internal sealed record Row(int Array, int Protocol, string Src, string Dst, ulong TxPkts, ulong TxBytes, ulong RxPkts, ulong RxBytes)
    {
        public string Write(Random? random)
        {
            var members = new List<string>();
            var spellings = ProtocolSpellings[Protocol];
            if (Protocol != 0 || random?.Next(2) == 1)
                members.Add($"\"proto\":{(random is null ? spellings[0] : spellings[random.Next(spellings.Length)])}");
            Add(members, "src", Src, random);
            Add(members, "dst", Dst, random);
            Add(members, "txPkts", TxPkts, random);
            Add(members, "txBytes", TxBytes, random);
            Add(members, "rxPkts", RxPkts, random);
            Add(members, "rxBytes", RxBytes, random);
            return $"{{{string.Join(',', Shuffle([.. members], random))}}}";
        }

        static void Add(List<string> members, string name, string value, Random? random)
        {
            if (value.Length > 0 || random?.Next(2) == 1)
                members.Add($"\"{name}\":\"{value}\"");
        }

        static void Add(List<string> members, string name, ulong value, Random? random)
        {
            if (value == 0 && random?.Next(2) != 1)
                return;

            var digits = value.ToString(CultureInfo.InvariantCulture);
            members.Add(random?.Next(2) == 1 ? $"\"{name}\":\"{digits}\"" : $"\"{name}\":{digits}");
        }
    }
}
