using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Bodies of the log stream as busy tailnets send them: records of ten connections that name both ends, no two alike.</summary>
static class FlowBodies
{
    public const int Records = 100;
    public const int Connections = 10;

    /// <summary>Nodes of the tailnet: those of <see cref="SomeDevices.Many"/>.</summary>
    public const int Nodes = 400;

    const int Templates = 10;
    const string Sequence = "00000000";

    /// <summary>Made once, since a body takes longer to make than to process.</summary>
    static readonly Lazy<byte[][]> Made = new(() => [.. Enumerable.Range(0, Templates).Select(t => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(t * Records, Records).Select(Envelope))))]);

    /// <summary>Traffic repeats after a thousand records, the times in them do not.</summary>
    public static byte[] Body(int number)
    {
        var body = (byte[])Made.Value[number % Templates].Clone();
        var place = 0;
        for (var i = 0; i < Records; i++)
        {
            place += body.AsSpan(place).IndexOf("00000000"u8);
            Utf8Formatter.TryFormat((number * Records) + i, body.AsSpan(place), out _, new StandardFormat('D', (byte)Sequence.Length));
            place += Sequence.Length;
        }

        return body;
    }

    static string Envelope(int seed)
    {
        var random = new Random(seed);
        var node = random.Next(Nodes);
        int[] peers = [.. Enumerable.Range(0, Connections).Select(_ => random.Next(Nodes))];
        var rows = string.Join(',', peers.Select(peer => Row(random, node, peer)));
        var named = string.Join(',', peers.Distinct().Take(3).Select(Node));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"time":1785153605.5,"event":{"nodeId":"n{{{node}}}","start":"2026-07-27T12:00:00.{{{Sequence}}}7Z","end":"2026-07-27T12:00:05Z","srcNode":{{{Node(node)}}},"dstNodes":[{{{named}}}],"virtualTraffic":[{{{rows}}}]},"fields":{"recorded":"2026-07-27T12:00:05.5Z"}}""");
    }

    static string Node(int node) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"nodeId":"n{{node}}","name":"node-{{node}}.tail1234.ts.net","addresses":["{{SomeDevices.Address(node)}}"],"tags":["tag:b","tag:a"]}""");

    static string Row(Random random, int node, int peer) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"proto":6,"src":"{{SomeDevices.Address(node)}}:{{random.Next(1024, 65000)}}","dst":"{{SomeDevices.Address(peer)}}:443","txPkts":{{random.Next(1, 99)}},"txBytes":{{random.Next(60, 9900)}},"rxPkts":{{random.Next(1, 99)}},"rxBytes":{{random.Next(60, 9900)}}}""");
}
