using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Export of one signal; what is empty, zero or not set is inherited from <c>otlp</c>.</summary>
sealed class OtlpSignalOptions : IConfigSection
{
    /// <summary>False turns the signal off: its data is not sent anywhere. Not set: on.</summary>
    public bool? Enabled { get; set; }

    /// <summary>See <c>otlp.protocol</c>.</summary>
    [AllowedValues("", OtlpChoice.Http, OtlpChoice.Grpc, OtlpChoice.Stdout)]
    public string Protocol { get; set; } = "";

    /// <summary>Full address of this signal. With http it is used as it is: no <c>/v1/…</c> is appended.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Headers of this signal; they replace <c>otlp.headers</c> and the Grafana Cloud credentials, and are never merged.</summary>
    public IReadOnlyDictionary<string, Secret> Headers { get; set; } = new Dictionary<string, Secret>();

    /// <summary>See <c>otlp.tls</c>.</summary>
    public OtlpSignalTlsOptions Tls { get; set; } = new();

    /// <summary>See <c>otlp.compression</c>.</summary>
    [AllowedValues("", OtlpChoice.None, OtlpChoice.Gzip, OtlpChoice.Zstd)]
    public string Compression { get; set; } = "";

    /// <summary>See <c>otlp.timeout</c>.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>See <c>otlp.max_request_size</c>.</summary>
    [Range(0, int.MaxValue)]
    public int MaxRequestSize { get; set; }

    /// <summary>See <c>otlp.grpc_reconnection_period</c>.</summary>
    public TimeSpan GrpcReconnectionPeriod { get; set; }

    /// <summary>See <c>otlp.retry</c>.</summary>
    public OtlpSignalRetryOptions Retry { get; set; } = new();
}
