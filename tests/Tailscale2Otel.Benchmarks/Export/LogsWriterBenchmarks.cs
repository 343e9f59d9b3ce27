using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Benchmarks.Export;

/// <summary>One flow log record of 18 attributes, as the flow processor writes it.</summary>
[MemoryDiagnoser]
public class LogsWriterBenchmarks
{
    const int Records = 8192;

    readonly ExportMetrics _metrics = new(new Meter("benchmark"));
    readonly OtlpLimitsOptions _limits = new();

    [Benchmark(OperationsPerInvoke = Records)]
    public long FlowRecord()
    {
        using var writer = new LogsWriter(_limits, _metrics, 8 << 20);
        var header = new LogHeader(SpoolPosition.Start, LogAttributes.FlowEvent, LogSeverity.Info, 1_785_153_600_000_000_000, 1_785_153_601_000_000_000);
        for (var i = 0; i < Records; i++)
        {
            writer.Begin(header);
            writer.Add(LogAttributes.Uid, "0123456789abcdef0123456789abcdef"u8);
            writer.Add(LogAttributes.Tailnet, "example.com"u8);
            writer.Add(LogAttributes.Provider, "tailscale"u8);
            writer.Add(LogAttributes.Source, "stream"u8);
            writer.Add(LogAttributes.NetworkTransport, "tcp"u8);
            writer.Add(LogAttributes.NetworkType, "ipv4"u8);
            writer.Add(LogAttributes.TrafficType, "virtual"u8);
            writer.Add(LogAttributes.SourceAddress, "100.64.12.34"u8);
            writer.Add(LogAttributes.SourcePort, "53124"u8);
            writer.Add(LogAttributes.DestinationAddress, "100.101.102.103"u8);
            writer.Add(LogAttributes.DestinationPort, "443"u8);
            writer.Add(LogAttributes.SrcNode, "laptop-of-somebody"u8);
            writer.Add(LogAttributes.DstNode, "database-server-01"u8);
            writer.Add(LogAttributes.DstService, "https"u8);
            writer.Add(LogAttributes.TxBytes, 123_456L);
            writer.Add(LogAttributes.RxBytes, 7_890_123L);
            writer.Add(LogAttributes.TxPackets, 120L);
            writer.Add(LogAttributes.RxPackets, 5400L);
            writer.End();
        }

        return writer.Bytes;
    }
}
