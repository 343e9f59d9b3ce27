using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Where telemetry goes and how.</summary>
[ConfigSection("otlp")]
sealed class OtlpOptions : IConfigSection
{
    /// <summary>OTLP over HTTP with protobuf, OTLP over gRPC, or readable text on standard output.</summary>
    [AllowedValues(OtlpChoice.Http, OtlpChoice.Grpc, OtlpChoice.Stdout)]
    public string Protocol { get; set; } = OtlpChoice.Http;

    /// <summary>
    /// Base address of the backend. http: a URL, to which <c>/v1/logs</c> and <c>/v1/metrics</c> are appended; grpc:
    /// <c>host:port</c> (TLS unless <c>tls.insecure</c>) or a URL. Empty: <c>http://localhost:4318</c> (http) or
    /// <c>http://localhost:4317</c> (grpc).
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Headers of every request, for example an API key.</summary>
    public IReadOnlyDictionary<string, Secret> Headers { get; set; } = new Dictionary<string, Secret>();

    /// <summary>Grafana Cloud credentials.</summary>
    public OtlpGrafanaCloudOptions GrafanaCloud { get; set; } = new();

    /// <summary>TLS towards the backend.</summary>
    public OtlpTlsOptions Tls { get; set; } = new();

    /// <summary>How often metrics are collected and exported.</summary>
    [Within("00:00:00.1", "1.00:00:00")]
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Metric points in one request; one metric of more points is not divided.</summary>
    [Range(1, int.MaxValue)]
    public int MetricExportBatchSize { get; set; } = 10_000;

    /// <summary>
    /// Temporality of counters and histograms: <c>cumulative</c> counts since the start, <c>delta</c> since the last export.
    /// Up-down counters are cumulative with either, gauges have none.
    /// </summary>
    [AllowedValues(OtlpChoice.Cumulative, OtlpChoice.Delta)]
    public string Temporality { get; set; } = OtlpChoice.Cumulative;

    /// <summary>How long the text in a log record may be.</summary>
    public OtlpLimitsOptions Limits { get; set; } = new();

    /// <summary>Compression of requests; empty means none. zstd needs the system library libzstd.</summary>
    [AllowedValues("", OtlpChoice.None, OtlpChoice.Gzip, OtlpChoice.Zstd)]
    public string Compression { get; set; } = "";

    /// <summary>How long one request may take, from 10ms to 24h; 0s means 10 seconds.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>
    /// Largest request in bytes before compression; 0 is no limit. Larger log batches are divided, and a single record over it
    /// is a dead letter.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxRequestSize { get; set; }

    /// <summary>Accepted without effect: lost connections are replaced when the next request is sent, see <c>otlp.retry</c>.</summary>
    public TimeSpan GrpcReconnectionPeriod { get; set; }

    /// <summary>How soon a failed request is repeated.</summary>
    public OtlpRetryOptions Retry { get; set; } = new();

    /// <summary>Accepted without effect.</summary>
    public OtlpBatchOptions Batch { get; set; } = new();

    /// <summary>What the <c>stdout</c> protocol prints.</summary>
    public OtlpStdoutOptions Stdout { get; set; } = new();

    /// <summary>Metrics, where they differ.</summary>
    public OtlpSignalOptions Metrics { get; set; } = new();

    /// <summary>Log records, where they differ.</summary>
    public OtlpSignalOptions Logs { get; set; } = new();
}
