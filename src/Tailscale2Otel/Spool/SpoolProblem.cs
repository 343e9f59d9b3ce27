namespace Tailscale2Otel.Spool;

/// <param name="Reason">One word, as in the metric's <c>reason</c>.</param>
/// <param name="Text">For an operator: what is wrong and what to do.</param>
sealed record SpoolProblem(AppendOutcome Outcome, string Reason, string Text)
{
    public const string Backlog = "backlog";
    public const string DiskReserve = "disk_reserve";
    public const string DiskFull = "disk_full";
    public const string DiskFailed = "disk_failed";
    public const string Queue = "queue";
    public const string Closing = "closing";
}
