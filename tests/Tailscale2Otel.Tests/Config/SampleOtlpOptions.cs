using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

/// <summary>What the standard variables fill, apart from what the exporter makes of it.</summary>
[ConfigSection("otlp")]
sealed class SampleOtlpOptions : IConfigSection
{
    public string Protocol { get; set; } = "http";

    public string Endpoint { get; set; } = "";

    public IReadOnlyDictionary<string, Secret> Headers { get; set; } = new Dictionary<string, Secret>();

    public string Compression { get; set; } = "";

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromSeconds(60);

    public string Temporality { get; set; } = "cumulative";

    public SampleTlsOptions Tls { get; set; } = new();

    public SampleSignalOptions Logs { get; set; } = new();

    public SampleSignalOptions Metrics { get; set; } = new();
}
