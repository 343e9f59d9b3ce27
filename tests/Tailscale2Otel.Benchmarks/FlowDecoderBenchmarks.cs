using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Benchmarks;

/// <summary>A record of ten connections, about 1.4 KB, as a HEC sender posts it; every run takes one of a thousand different ones.</summary>
[MemoryDiagnoser]
public class FlowDecoderBenchmarks
{
    const int Count = 1000;
    const long ReceivedAt = 1_767_225_700_000_000_000;

    readonly byte[][] _payloads = [.. Enumerable.Range(0, Count).Select(Payload)];
    readonly byte[] _metadata = """{"time":1767225605.120,"fields":{"recorded":"2026-01-01T00:00:12.345Z"}}"""u8.ToArray();
    readonly FlowRecord _record = new();
    readonly RowOrder _order = new();
    readonly FlowKey _key = new();
    readonly NullLogWriter _logs = new();
    readonly FlowProcessor _perConnection = Processor(FlowLogMode.PerConnection);
    readonly FlowProcessor _perRecord = Processor(FlowLogMode.PerRecord);
    int _next;

    [Benchmark(Baseline = true)]
    public int BareJsonReader()
    {
        var reader = new Utf8JsonReader(_payloads[Next()]);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }

    [Benchmark]
    public int Decode() => (int)FlowDecoder.Decode(_payloads[Next()], _record) + _record.Rows.Length;

    [Benchmark]
    public ulong DecodeAndKey()
    {
        var payload = _payloads[Next()];
        _ = FlowDecoder.Decode(payload, _record);
        FlowDecoder.ReadEnvelope(_metadata, _record);
        _key.Fingerprint(_record);
        return _key.Compute(_record, _record.Text(payload), _order.Sort(_record), "").Low;
    }

    [Benchmark]
    public long ProcessToTenLogRecords() => Process(_perConnection);

    [Benchmark]
    public long ProcessToOneLogRecord() => Process(_perRecord);

    long Process(FlowProcessor processor)
    {
        var index = Next();
        var record = new RawRecord
        {
            Position = new SpoolPosition(index),
            Next = new SpoolPosition(index + 1),
            Source = RecordSource.Stream,
            Signal = RecordSignal.Flow,
            Tailnet = "",
            ReceivedAt = ReceivedAt,
            Metadata = _metadata,
            Payload = _payloads[index],
        };
        _ = processor.Process(record, _logs, RecordPass.Deliver);
        return _logs.Sum;
    }

    int Next() => _next = (_next + 1) % Count;

    static FlowProcessor Processor(FlowLogMode mode) =>
        new(new FlowOptions { LogMode = mode }, new DeduplicationWindow(), new FlowMetrics(new Meter("bench"), new FlowDimensions(), new CardinalityOptions()), new NodeNames(new FlowDimensions(), new DeviceIndex("", TimeProvider.System)));

    static byte[] Payload(int seed)
    {
        int[] ports = [22, 53, 80, 123, 443, 3000, 5432, 6379, 8080, 8443, 9090, 9100, 41641, 51820];
        var random = new Random(seed);
        var node = random.Next(400);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""{"nodeId":"n{{node * 2477 % 1000000:d6}}CNTRL","start":"2026-01-01T00:00:05.{{seed:d8}}7Z","end":"2026-01-01T00:00:10.{{random.Next(1_000_000_000):d9}}Z","virtualTraffic":[""");
        for (var i = 0; i < 10; i++)
        {
            text.Append(i > 0 ? "," : "").Append(
                CultureInfo.InvariantCulture,
                $$"""{"proto":{{(random.Next(4) > 0 ? 6 : 17)}},"src":"100.{{64 + (node % 60)}}.{{node % 250}}.{{node * 7 % 250}}:{{ports[random.Next(14)]}}","dst":"100.{{64 + random.Next(60)}}.{{random.Next(250)}}.{{random.Next(250)}}:{{1024 + random.Next(64000)}}","txPkts":{{1 + random.Next(99)}},"txBytes":{{60 + random.Next(9900)}},"rxPkts":{{1 + random.Next(99)}},"rxBytes":{{60 + random.Next(9900)}}}""");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
