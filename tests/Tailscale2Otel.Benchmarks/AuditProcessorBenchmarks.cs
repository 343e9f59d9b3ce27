using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Benchmarks;

/// <summary>One audit record with a changed list, decoded, keyed, mapped and counted; it is read again each time.</summary>
[MemoryDiagnoser]
public class AuditProcessorBenchmarks
{
    readonly byte[] _payload = """{"eventTime":"2026-07-27T11:59:00.123456789Z","type":"CONFIG","deferredAt":"0001-01-01T00:00:00Z","eventGroupID":"aa00000000000000000000000000000a","origin":"ADMIN_CONSOLE","actor":{"id":"uADA1aaCNTRL","type":"USER","loginName":"ada@example.com","displayName":"Ada Example"},"target":{"id":"nWEB1aaCNTRL","name":"web-1.tail-example.ts.net","type":"NODE","isEphemeral":false,"property":"ALLOWED_IPS"},"action":"UPDATE","old":["100.64.10.1/32","fd7a:115c:a1e0::a01/128"],"new":["100.64.10.1/32","fd7a:115c:a1e0::a01/128","192.0.2.0/24"]}"""u8.ToArray();
    readonly NullLogWriter _logs = new();
    readonly AuditProcessor _processor;

    public AuditProcessorBenchmarks()
    {
        var meter = new Meter("benchmark");
        _processor = new AuditProcessor(new DeduplicationWindow(), new AuditMetrics(meter, NullLogger<AuditMetrics>.Instance), new UnreadableTimeMetric(meter));
    }

    [Benchmark(Baseline = true)]
    public int Decode()
    {
        using var texts = new PooledBytes();
        return AuditDecoder.TryDecode(_payload, texts, out var record) ? record.Action.Length : 0;
    }

    [Benchmark]
    public long Process()
    {
        var record = new RawRecord
        {
            Position = new SpoolPosition(1),
            Next = new SpoolPosition(2),
            Source = RecordSource.Poll,
            Signal = RecordSignal.Audit,
            Tailnet = "example.com",
            ReceivedAt = 1_785_153_700_000_000_000,
            Payload = _payload,
        };
        _ = _processor.Process(record, _logs, RecordPass.Deliver | RecordPass.Count);
        return _logs.Sum;
    }
}
