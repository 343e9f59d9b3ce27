namespace Tailscale2Otel.Spool;

/// <summary>What every part of one spool works with.</summary>
sealed record SpoolContext(SpoolDirectory Directory, SpoolLimits Limits, SpoolMetrics Metrics, TimeProvider Time, ILogger Log);
