namespace Tailscale2Otel.Spool;

/// <summary>What was found on disk, with its damage repaired.</summary>
/// <param name="Active">The segment to append to; null when the next append begins a new one.</param>
/// <param name="NextStart">Where the next segment begins: above everything that a cursor or a content key may ever have named.</param>
sealed record RecoveredSpool(SegmentTable Table, Segment? Active, long NextStart, CursorState Cursors, ulong Salt);
