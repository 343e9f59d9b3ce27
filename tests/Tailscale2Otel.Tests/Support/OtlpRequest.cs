using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Tailscale2Otel.Tests.Support;

/// <summary>One request as <see cref="OtlpReceiver"/> got it, whatever it answered.</summary>
sealed record OtlpRequest
{
    /// <summary>Set by the sender's <c>otlp.headers</c>, so that a request says by itself which process it is from.</summary>
    public const string LifetimeHeader = "x-lifetime";

    /// <summary>From 0, in order of arrival.</summary>
    public int Number { get; init; }

    public required bool IsGrpc { get; init; }

    public required string Path { get; init; }

    /// <summary>HTTP/1.1 or HTTP/2.</summary>
    public required string Protocol { get; init; }

    /// <summary>Names in lower case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary><c>identity</c>, <c>gzip</c> or <c>zstd</c>, as the bytes were, not only as the header said.</summary>
    public required string Encoding { get; init; }

    /// <summary>Bytes on the wire without gRPC's framing.</summary>
    public required int WireBytes { get; init; }

    public required int MessageBytes { get; init; }

    /// <summary>Subject of the client's certificate.</summary>
    public string? ClientCertificate { get; init; }

    public ExportLogsServiceRequest? Logs { get; init; }

    public ExportMetricsServiceRequest? Metrics { get; init; }

    public required OtlpAnswer Answer { get; init; }

    /// <summary>0 without the header.</summary>
    public int Lifetime => int.Parse(Headers.GetValueOrDefault(LifetimeHeader, "0"));

    public IReadOnlyList<LogRecord> LogRecords =>
        [.. Logs?.ResourceLogs.SelectMany(r => r.ScopeLogs).SelectMany(s => s.LogRecords) ?? []];

    public IReadOnlyList<Metric> MetricList =>
        [.. Metrics?.ResourceMetrics.SelectMany(r => r.ScopeMetrics).SelectMany(s => s.Metrics) ?? []];

    public IReadOnlyDictionary<string, string> Resource => OtlpValues.ToText(
        Logs?.ResourceLogs.Single().Resource.Attributes ?? Metrics!.ResourceMetrics.Single().Resource.Attributes);
}
