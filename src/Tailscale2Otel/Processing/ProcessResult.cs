namespace Tailscale2Otel.Processing;

/// <param name="Reason">Why, one word as in the metric's <c>reason</c>; empty when mapped.</param>
readonly record struct ProcessResult(ProcessOutcome Outcome, string Reason)
{
    public static readonly ProcessResult Mapped = new(ProcessOutcome.Mapped, "");
    public static readonly ProcessResult Duplicate = new(ProcessOutcome.Duplicate, "duplicate");

    public static ProcessResult DeadLetter(string reason) => new(ProcessOutcome.DeadLetter, reason);
}
