namespace Tailscale2Otel.Demo;

/// <summary>What the sender knows: records that were answered with success, and what it took.</summary>
/// <param name="Records">Acknowledged records, those that were sent again on purpose included.</param>
/// <param name="Repeated">Acknowledged records of batches that were sent again on purpose.</param>
/// <param name="Requests">Acknowledged requests.</param>
/// <param name="Retries">Attempts after the first, because the receiver was busy or gone.</param>
/// <param name="Unanswered">Records of attempts that ended without an answer: they may have arrived all the same.</param>
/// <param name="Refused">Records that the receiver refused for good.</param>
/// <param name="Problem">The last refusal in words; empty when there was none.</param>
sealed record PublisherCounts(long Records, long Repeated, long Requests, long Retries, long Unanswered, long Refused, string Problem)
{
    public static readonly PublisherCounts None = new(0, 0, 0, 0, 0, 0, "");

    public static PublisherCounts operator +(PublisherCounts a, PublisherCounts b) => new(
        a.Records + b.Records,
        a.Repeated + b.Repeated,
        a.Requests + b.Requests,
        a.Retries + b.Retries,
        a.Unanswered + b.Unanswered,
        a.Refused + b.Refused,
        a.Problem.Length > 0 ? a.Problem : b.Problem);
}
