using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// One request as Tailscale sends it: flow records of ten connections each, concatenated. A record's sequence number
/// stands in its <c>start</c>, in the last digit of the second and eight of the fraction, and arrives in
/// <c>tailscale.flow.window.start</c>; a last digit of 7 keeps the zeros before it.
/// </summary>
sealed class LoadBody
{
    public const int Records = 100;
    public const int Connections = 10;

    /// <summary>Before the sequence number. No other time in a record is of this ten seconds.</summary>
    public const string Marker = "T00:00:0";

    public static ReadOnlySpan<byte> MarkerBytes => "T00:00:0"u8;

    /// <summary>Digits and the decimal point behind the first.</summary>
    public const int NumberLength = 10;

    const string Number = "0.00000000";

    static readonly int[] Ports = [22, 53, 80, 123, 443, 3000, 5432, 6379, 8080, 8443, 9090, 9100, 41641, 51820];

    readonly int[] _places = new int[Records];

    /// <param name="first">Number of its first record among all of the load's different ones.</param>
    public LoadBody(int first, LoadTraffic traffic)
    {
        var random = new Random(first);
        var text = new StringBuilder();
        for (var r = 0; r < Records; r++)
        {
            var record = traffic.Record(first + r);
            text.Append(CultureInfo.InvariantCulture, $"{{\"time\":1767225605.{random.Next(1000):D3},\"event\":{{\"nodeId\":\"{LoadTraffic.NodeId(record.Node)}\",\"start\":\"2026-01-01{Marker}");
            _places[r] = text.Length;
            text.Append(Number).Append("7Z\",\"end\":\"2026-01-01T00:00:10Z\",");
            if (traffic.IsNamed)
                text.Append(LoadTraffic.Names(record)).Append(',');
            text.Append("\"virtualTraffic\":[");
            text.AppendJoin(',', Enumerable.Range(0, Connections).Select(c => Connection(random, record, c)));
            text.Append("]},\"fields\":{\"recorded\":\"2026-01-01T00:00:11Z\"}}");
        }

        Bytes = Encoding.ASCII.GetBytes(text.ToString());
    }

    public byte[] Bytes { get; }

    /// <summary>Where each record's number stands.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>Writes a record's number where <see cref="Marker"/> ends.</summary>
    public static void Write(Span<byte> place, long number)
    {
        place[0] = (byte)('0' + (number / 100_000_000));
        Utf8Formatter.TryFormat(number % 100_000_000, place[2..], out _, new System.Buffers.StandardFormat('D', 8));
    }

    /// <summary>The number behind <see cref="Marker"/>.</summary>
    public static long Read(ReadOnlySpan<byte> place)
    {
        long number = place[0] - '0';
        foreach (var digit in place[2..NumberLength])
            number = (number * 10) + digit - '0';
        return number;
    }

    static string Connection(Random random, LoadRecord record, int connection) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"proto\":{(random.Next(4) == 0 ? 17 : 6)},\"src\":\"{record.Source}:{Ports[random.Next(Ports.Length)]}\"," +
        $"\"dst\":\"{record.Destinations[connection]}:{1024 + random.Next(64000)}\"," +
        $"\"txPkts\":{1 + random.Next(99)},\"txBytes\":{60 + random.Next(9900)},\"rxPkts\":{1 + random.Next(99)},\"rxBytes\":{60 + random.Next(9900)}}}");
}
