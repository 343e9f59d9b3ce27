namespace Tailscale2Otel.Benchmarks.Durability;

/// <param name="After">What ended the run before.</param>
/// <param name="BytesRead">Of read calls in this process while the spool opened.</param>
sealed record SpoolStart(long Bytes, int Segments, string After, TimeSpan Time, long BytesRead);
