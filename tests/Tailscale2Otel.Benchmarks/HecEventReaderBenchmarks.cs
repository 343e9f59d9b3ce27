using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Benchmarks;

/// <summary>Finding the records of a body as Tailscale sends it: 100 flow records of 10 connections, 1.4 KB each, no separators.</summary>
[MemoryDiagnoser]
public class HecEventReaderBenchmarks
{
    const int Records = 100;

    static readonly HecLimits Limits = HecLimits.From(new HecOptions());

    readonly byte[] _body = MakeBody();

    [Benchmark(OperationsPerInvoke = Records)]
    public int Read()
    {
        using var found = new HecRecords();
        return HecEventReader.Read(_body, Limits, found).IsSound ? found.Count : throw new InvalidOperationException("The body is sound");
    }

    static byte[] MakeBody()
    {
        var random = new Random(1);
        var body = new StringBuilder();
        for (var record = 0; record < Records; record++)
        {
            body.Append(CultureInfo.InvariantCulture, $"{{\"time\":{1767225600 + record}.{random.Next(1000):000},\"event\":{{\"nodeId\":\"n{random.Next(1000000):000000}CNTRL\",");
            body.Append(CultureInfo.InvariantCulture, $"\"start\":\"2026-01-01T00:00:05.{record:00000000}7Z\",\"end\":\"2026-01-01T00:00:10.{random.Next(1000000000):000000000}Z\",\"virtualTraffic\":[");
            for (var connection = 0; connection < 10; connection++)
            {
                body.Append(connection == 0 ? "" : ",");
                body.Append(CultureInfo.InvariantCulture, $"{{\"proto\":6,\"src\":\"100.{random.Next(64, 124)}.{random.Next(250)}.{random.Next(250)}:443\",\"dst\":\"100.{random.Next(64, 124)}.{random.Next(250)}.{random.Next(250)}:{random.Next(1024, 65000)}\",");
                body.Append(CultureInfo.InvariantCulture, $"\"txPkts\":{random.Next(1, 99)},\"txBytes\":{random.Next(60, 9900)},\"rxPkts\":{random.Next(1, 99)},\"rxBytes\":{random.Next(60, 9900)}}}");
            }

            body.Append(CultureInfo.InvariantCulture, $"]}},\"fields\":{{\"recorded\":\"2026-01-01T00:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1000):000}Z\"}}}}");
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }
}
