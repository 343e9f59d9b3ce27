namespace Tailscale2Otel.Spool.Inspection;

/// <summary>When the first and the last record of a segment were received, in Unix nanoseconds; null where damage hides it.</summary>
readonly record struct SegmentTimes(long? First, long? Last);
