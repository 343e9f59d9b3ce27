using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

/// <summary>A log exporter with everything around it that it reports to.</summary>
sealed class OtlpSome : IDisposable
{
    static readonly Utf8Name Number = new("n");
    static readonly Utf8Name Event = new("tailscale.test");

    readonly Meter _meter = new("tailscale2otel-test");

    public OtlpSome(OtlpOptions options, TimeProvider? time = null)
    {
        Counts = new CountedMetrics(_meter);
        Metrics = new ExportMetrics(_meter);
        Exporter = new OtlpLogExporter(options, [new("service.name", "t")], Metrics, Health, Lines.For<OtlpLogExporter>(), time ?? TimeProvider.System);
    }

    public OtlpLogExporter Exporter { get; }

    public ExportMetrics Metrics { get; }

    public CountedMetrics Counts { get; }

    public Health Health { get; } = new();

    public CollectedLines Lines { get; } = new();

    public List<RefusedRecord> Refused { get; } = [];

    /// <summary>Options for a receiver, impatient: nothing in a test waits long.</summary>
    public static OtlpOptions Options(OtlpReceiver receiver, string protocol = "http", string compression = "none") => new()
    {
        Protocol = protocol,
        Endpoint = (protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint).ToString(),
        Compression = compression,
        Timeout = TimeSpan.FromSeconds(20),
        Retry = { InitialInterval = TimeSpan.FromMilliseconds(5), MaxInterval = TimeSpan.FromMilliseconds(20) },
    };

    /// <summary>A batch of records numbered from 0, record i at spool position 100 i.</summary>
    public LogBatch Batch(int count)
    {
        var batch = Exporter.Rent();
        for (var i = 0; i < count; i++)
        {
            batch.Begin(new LogHeader(new SpoolPosition(i * 100), Event, LogSeverity.Info, 1_785_153_600_000_000_000 + i, 0));
            batch.Body("a body that compresses well, a body that compresses well"u8);
            batch.Add(Number, (long)i);
            batch.End();
        }

        return batch;
    }

    public async Task<DeliveryResult> DeliverAsync(int count, CancellationToken cancellation = default)
    {
        using var batch = Batch(count);
        return await Exporter.DeliverAsync(batch, Refuse, cancellation);
    }

    public ValueTask Refuse(RefusedRecord record)
    {
        Refused.Add(record);
        return ValueTask.CompletedTask;
    }

    public static IEnumerable<long> Numbers(IEnumerable<OpenTelemetry.Proto.Logs.V1.LogRecord> records) =>
        records.Select(r => r.Attributes.Single(a => a.Key == "n").Value.IntValue);

    public void Dispose()
    {
        Exporter.Dispose();
        Counts.Dispose();
        _meter.Dispose();
    }
}
