namespace Tailscale2Otel.Spool;

/// <param name="Problem">Why appends are refused; empty when they are not.</param>
readonly record struct SpoolState(AppendOutcome Outcome, string Problem)
{
    public bool IsOpen => Outcome == AppendOutcome.Durable;
}
