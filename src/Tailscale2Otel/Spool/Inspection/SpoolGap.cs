namespace Tailscale2Otel.Spool.Inspection;

/// <summary>Positions that were never used: the daemon leaves some out after a stop that was not in order.</summary>
readonly record struct SpoolGap(long From, long To);
