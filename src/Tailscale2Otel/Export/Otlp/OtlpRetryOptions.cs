using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>How soon a failed request is repeated.</summary>
sealed class OtlpRetryOptions : IConfigSection
{
    /// <summary>Repeat a failed metric request within one collection. Log requests are always repeated: nothing acknowledged is dropped.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Wait before the first repetition; it doubles, with jitter, up to <c>max_interval</c>.</summary>
    [Within("00:00:00.001", "1.00:00:00")]
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between repetitions, unless the backend asks for more with <c>Retry-After</c>.</summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one metric request is repeated before it waits for the next collection. Without effect on logs, which are
    /// repeated for as long as the spool holds.
    /// </summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan MaxElapsedTime { get; set; } = TimeSpan.FromMinutes(1);
}
