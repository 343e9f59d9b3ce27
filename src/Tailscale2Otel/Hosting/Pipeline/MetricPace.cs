namespace Tailscale2Otel.Hosting.Pipeline;

/// <param name="Interval">Between two exports.</param>
/// <param name="MaxUncountedBytes">Bytes of the spool after which an export comes early.</param>
sealed record MetricPace(TimeSpan Interval, long MaxUncountedBytes);
