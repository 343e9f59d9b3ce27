using System.Buffers.Text;
using System.Text;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// One request as Tailscale sends it: flow records of ten connections each, concatenated. Each record's sequence number
/// stands in the fraction of its <c>start</c>, which arrives in <c>tailscale.flow.window.start</c>.
/// </summary>
sealed class LoadBody
{
    public const int Records = 100;
    public const string Marker = "2026-01-01T00:00:05.";
    public const int Digits = 8;

    const int Connections = 10;
    const int Nodes = 400;

    static readonly int[] Ports = [22, 53, 80, 123, 443, 3000, 5432, 6379, 8080, 8443, 9090, 9100, 41641, 51820];

    readonly byte[] _bytes;
    readonly int[] _places = new int[Records];

    public LoadBody(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var r = 0; r < Records; r++)
        {
            var node = random.Next(Nodes);
            text.Append($$"""{"time":1767225605.{{random.Next(1000):D3}},"event":{"nodeId":"n{{node:D6}}CNTRL","start":"{{Marker}}""");
            _places[r] = text.Length;
            text.Append($$"""00000000""").Append("7Z\",\"end\":\"2026-01-01T00:00:10Z\",\"virtualTraffic\":[");
            text.AppendJoin(',', Enumerable.Range(0, Connections).Select(_ => Connection(random, node)));
            text.Append("]},\"fields\":{\"recorded\":\"2026-01-01T00:00:11Z\"}}");
        }

        _bytes = Encoding.ASCII.GetBytes(text.ToString());
    }

    public int Length => _bytes.Length;

    /// <summary>Copies the request with its records numbered from <paramref name="first"/>.</summary>
    public void Write(Span<byte> destination, long first)
    {
        _bytes.CopyTo(destination);
        for (var r = 0; r < Records; r++)
            Utf8Formatter.TryFormat(first + r, destination.Slice(_places[r], Digits), out _, new System.Buffers.StandardFormat('D', Digits));
    }

    static string Connection(Random random, int node) =>
        $"{{\"proto\":{(random.Next(4) == 0 ? 17 : 6)},\"src\":\"100.{64 + (node % 60)}.{node % 250}.{node * 7 % 250}:{Ports[random.Next(Ports.Length)]}\"," +
        $"\"dst\":\"100.{64 + random.Next(60)}.{random.Next(250)}.{random.Next(250)}:{1024 + random.Next(64000)}\"," +
        $"\"txPkts\":{1 + random.Next(99)},\"txBytes\":{60 + random.Next(9900)},\"rxPkts\":{1 + random.Next(99)},\"rxBytes\":{60 + random.Next(9900)}}}";
}
