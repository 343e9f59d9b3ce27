using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>What the <c>stdout</c> protocol prints.</summary>
sealed class OtlpStdoutOptions : IConfigSection
{
    /// <summary>How often metrics are printed.</summary>
    [Within("00:00:00.1", "1.00:00:00")]
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Print a log record over several lines, one attribute a line.</summary>
    public bool Pretty { get; set; }
}
