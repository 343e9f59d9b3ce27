namespace Tailscale2Otel.Processing;

/// <param name="Reason">Why, one word as in the metric's <c>reason</c>; empty when mapped.</param>
readonly record struct ProcessResult(ProcessOutcome Outcome, string Reason)
{
    public static readonly ProcessResult Mapped = new(ProcessOutcome.Mapped, "");
    public static readonly ProcessResult Duplicate = new(ProcessOutcome.Duplicate, "duplicate");

    /// <summary>Another kind of record told the same change before.</summary>
    public static readonly ProcessResult SameChange = new(ProcessOutcome.Duplicate, "same_change");

    /// <summary>When the event happened, in Unix nanoseconds by its own word; 0 when it does not say.</summary>
    public long EventTime { get; init; }

    /// <summary>When Tailscale recorded it, likewise.</summary>
    public long CaptureTime { get; init; }

    public static ProcessResult MappedAt(long eventTime, long captureTime) =>
        Mapped with { EventTime = eventTime, CaptureTime = captureTime };

    public static ProcessResult DeadLetter(string reason) => new(ProcessOutcome.DeadLetter, reason);
}
