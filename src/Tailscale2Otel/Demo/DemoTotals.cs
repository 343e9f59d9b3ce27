using System.Globalization;

namespace Tailscale2Otel.Demo;

/// <summary>The sums at the end: what was sent has arrived, and what has arrived is accounted for.</summary>
/// <param name="Stream">Records of the log stream.</param>
/// <param name="Webhooks">Events of the webhook.</param>
/// <param name="Polls">Records of the API's answers; null when there was no API.</param>
sealed record DemoTotals(PublisherCounts Stream, PublisherCounts Webhooks, DemoCounts Counts, long? Polls = null)
{
    PublisherCounts Sent => Stream + Webhooks;

    long Received => Counts.In - Counts.Polled;

    /// <summary>
    /// An attempt without an answer may have arrived or not, so that the receiver may hold that much more than was acknowledged.
    /// What the API answered may have been kept or, when the daemon stopped before the end of the answer, not.
    /// </summary>
    public bool Agree =>
        Counts.Backlog == 0 && Sent.Refused == 0 && Received >= Sent.Records && Received <= Sent.Records + Sent.Unanswered && Counts.Polled <= (Polls ?? 0);

    public IEnumerable<string> Lines()
    {
        yield return "totals";
        yield return Row("streamed", Stream.Records, $"records acknowledged in {Number(Stream.Requests)} requests, {Number(Stream.Repeated)} of them sent again on purpose{Retries(Stream)}");
        yield return Row("webhooks", Webhooks.Records, $"events acknowledged in {Number(Webhooks.Requests)} signed deliveries, {Number(Webhooks.Repeated)} of them sent again on purpose{Retries(Webhooks)}");
        if (Polls is { } answered)
            yield return Row("polled", Counts.Polled, $"records of the {Number(answered)} in the API's answers: the same that were streamed");
        yield return Row("in", Counts.In, "records kept in the spool: the sum of the above");
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
        if (Received < Sent.Records)
            yield return $"{Number(Sent.Records - Received)} acknowledged records are not in the spool";
        if (Received > Sent.Records + Sent.Unanswered)
            yield return $"{Number(Received - Sent.Records)} records are in the spool that nobody sent";
        if (Counts.Polled > (Polls ?? 0))
            yield return $"{Number(Counts.Polled - (Polls ?? 0))} records are in the spool as polled that the API did not answer with";
        if (Counts.Backlog > 0)
            yield return $"{Number(Counts.Backlog)} records are still in the spool: the backend has not taken them";
        if (Counts.Backlog < 0)
            yield return $"{Number(-Counts.Backlog)} records more were accounted for than came in";
    }

    static string Retries(PublisherCounts sent) => sent.Retries == 0 ? "" : $", {Number(sent.Retries)} retries";

    static string Row(string name, long value, string words) => $"  {name,-12} {Number(value),12} {words}";

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
