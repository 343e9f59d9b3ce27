using System.Globalization;

namespace Tailscale2Otel.Demo;

/// <summary>The sums at the end: what was sent has arrived, and what has arrived is accounted for.</summary>
/// <param name="Stream">Records of the log stream.</param>
/// <param name="Webhooks">Events of the webhook.</param>
/// <param name="Polls">Records of the API's answers; null when there was no API.</param>
sealed record DemoTotals(PublisherCounts Stream, PublisherCounts Webhooks, DemoCounts Counts, long? Polls = null)
{
    PublisherCounts Sent => Stream + Webhooks;

    long Most => Sent.Records + Sent.Unanswered + (Polls ?? 0);

    long Polled => Math.Max(0, Counts.In - Sent.Records);

    /// <summary>
    /// An attempt without an answer may have arrived or not, so that the receiver may hold that much more than was acknowledged.
    /// What the API answered may have been kept or, when the answer was of no use or the daemon stopped, not.
    /// </summary>
    public bool Agree =>
        Counts.Backlog == 0 && Sent.Refused == 0 && Counts.In >= Sent.Records && Counts.In <= Most;

    public IEnumerable<string> Lines()
    {
        yield return "totals";
        yield return Row("sent", Sent.Records, $"records acknowledged in {Number(Sent.Requests)} requests, {Number(Sent.Repeated)} of them twice on purpose, {Number(Sent.Retries)} retries");
        yield return Row("of them", Webhooks.Records, $"webhook events in {Number(Webhooks.Requests)} signed deliveries, {Number(Webhooks.Repeated)} of them twice on purpose");
        if (Polls is { } answered)
            yield return Row("polled", Polled, $"records came by the API as well, which answered with {Number(answered)}");
        yield return Row("in", Counts.In, "records kept in the spool");
        yield return Row("out", Counts.Out, $"records delivered as {Number(Counts.LogRecords)} log records");
        yield return Row("duplicates", Counts.Duplicates, "records recognised and not delivered again");
        yield return Row("dead letters", Counts.DeadLetters, "records set aside");
        foreach (var problem in Problems())
            yield return "  PROBLEM: " + problem;
        yield return Agree
            ? $"  in {Number(Counts.In)} = out {Number(Counts.Out)} + duplicates {Number(Counts.Duplicates)} + dead letters {Number(Counts.DeadLetters)}: the totals agree"
            : "  the totals do NOT agree";
    }

    IEnumerable<string> Problems()
    {
        if (Sent.Refused > 0)
            yield return $"{Number(Sent.Refused)} records were refused: {Sent.Problem}";
        if (Counts.In < Sent.Records)
            yield return $"{Number(Sent.Records - Counts.In)} acknowledged records are not in the spool";
        if (Counts.In > Most)
            yield return $"{Number(Counts.In - Sent.Records)} records are in the spool that nobody sent";
        if (Counts.Backlog > 0)
            yield return $"{Number(Counts.Backlog)} records are still in the spool: the backend has not taken them";
        if (Counts.Backlog < 0)
            yield return $"{Number(-Counts.Backlog)} records more were accounted for than came in";
    }

    static string Row(string name, long value, string words) => $"  {name,-12} {Number(value),12} {words}";

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
