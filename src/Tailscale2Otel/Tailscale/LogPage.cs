namespace Tailscale2Otel.Tailscale;

/// <summary>What one answer with log records held.</summary>
/// <param name="Bytes">Of the answer, after decompression.</param>
readonly record struct LogPage(long Records, long Bytes);
