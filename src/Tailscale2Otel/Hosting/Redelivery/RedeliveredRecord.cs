using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <param name="Number">How many records were added before it.</param>
/// <param name="Position">The record's own, see <see cref="RawRecord.Position"/>.</param>
/// <param name="LogRecords">How many log records it became.</param>
readonly record struct RedeliveredRecord(long Number, SpoolPosition Position, SpoolPosition Next, RedeliveryOutcome Outcome, int LogRecords)
{
    /// <summary>One word, for what has been neither sent nor refused; else empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The backend's, for what it refused.</summary>
    public int Status { get; init; }

    /// <summary>The backend's words, or what there is to say about the outcome; may be empty.</summary>
    public string Message { get; init; } = "";
}
