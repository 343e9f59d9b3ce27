using System.Diagnostics.Metrics;
using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Benchmarks.Load;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Benchmarks;

/// <summary>A request of 100 flow records decompressed, and the 1,000 OTLP log records that it becomes compressed.</summary>
[MemoryDiagnoser]
public class CompressionBenchmarks
{
    readonly BodyBudget _budget = new(1L << 30);
    byte[] _request = [];
    BodyEncoding _encoding;
    OtlpTarget _target = null!;
    LogsWriter _batch = null!;

    [Params("gzip", "zstd")]
    public string Method { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var body = new LoadBody(0, LoadTraffic.Default).Bytes;
        _encoding = Method == "gzip" ? BodyEncoding.Gzip : BodyEncoding.Zstd;
        _request = Compressed(body);
        _target = OtlpTarget.Resolve(new OtlpOptions { Endpoint = "http://localhost:4318", Compression = Method }, OtlpSignal.Logs)!;
        _batch = Batch(body);
        using var request = OtlpRequestBody.Create(_target, [], _batch.Records(0, _batch.Count));
        Console.WriteLine($"// request: {body.Length} bytes, compressed {_request.Length}; batch: {_batch.Bytes} bytes, compressed {request.Length}");
    }

    [Benchmark]
    public int DecompressRequest()
    {
        using var wire = new BodyBuffer(_budget, 1 << 24);
        using var body = new BodyBuffer(_budget, 1 << 24);
        _ = wire.Append(_request);
        return HecBodyReader.Decompress(wire, _encoding, body) == BodyOutcome.Read ? body.Length : throw new InvalidOperationException("The body is sound");
    }

    [Benchmark]
    public int CompressBatch()
    {
        using var request = OtlpRequestBody.Create(_target, [], _batch.Records(0, _batch.Count));
        return request.Length;
    }

    byte[] Compressed(byte[] body)
    {
        using var output = new MemoryStream();
        using (Stream stream = Method == "gzip" ? new GZipStream(output, CompressionLevel.Optimal) : new ZstdStream(output, CompressionMode.Compress, leaveOpen: true))
            stream.Write(body);
        return output.ToArray();
    }

    static LogsWriter Batch(byte[] body)
    {
        var meter = new Meter("benchmark");
        var dimensions = new FlowDimensions();
        var processor = new FlowProcessor(new FlowOptions(), new DeduplicationWindow(), new FlowMetrics(meter, dimensions, new CardinalityOptions()), new NodeNames(dimensions, new DeviceIndex("", TimeProvider.System)));
        var batch = new LogsWriter(new OtlpLimitsOptions(), new ExportMetrics(meter), 1 << 20);
        using var records = new HecRecords();
        _ = HecEventReader.Read(body, HecLimits.From(new HecOptions()), records);
        for (var i = 0; i < records.Count; i++)
        {
            var record = new RawRecord
            {
                Position = new SpoolPosition(i),
                Next = new SpoolPosition(i + 1),
                Source = RecordSource.Stream,
                Signal = RecordSignal.Flow,
                Tailnet = "example.com",
                ReceivedAt = 1_767_225_700_000_000_000,
                Payload = body.AsSpan(records.Items[i].Start, records.Items[i].Length),
            };
            _ = processor.Process(record, batch, RecordPass.Deliver);
        }

        return batch;
    }
}
