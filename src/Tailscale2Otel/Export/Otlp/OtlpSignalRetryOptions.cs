using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Retry policy of one signal. Touching any key replaces the whole of <c>otlp.retry</c>, the rest taking its defaults.</summary>
sealed class OtlpSignalRetryOptions : IConfigSection
{
    /// <summary>See <c>otlp.retry.enabled</c>.</summary>
    public bool? Enabled { get; set; }

    /// <summary>See <c>otlp.retry.initial_interval</c>.</summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan InitialInterval { get; set; }

    /// <summary>See <c>otlp.retry.max_interval</c>.</summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan MaxInterval { get; set; }

    /// <summary>See <c>otlp.retry.max_elapsed_time</c>.</summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan MaxElapsedTime { get; set; }
}
