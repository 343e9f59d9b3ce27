namespace Tailscale2Otel.Tailscale;

/// <summary>What one answer with log records held.</summary>
/// <param name="Bytes">Of the answer, after decompression.</param>
/// <param name="ServerTime">
/// The answer's <c>Date</c>: the server's clock, to the second. A cursor must not pass it, or a fast clock here would skip records that
/// are yet to be logged. Null when the server does not say.
/// </param>
readonly record struct LogPage(long Records, long Bytes, DateTimeOffset? ServerTime);
