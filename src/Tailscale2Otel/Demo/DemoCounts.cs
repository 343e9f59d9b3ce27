namespace Tailscale2Otel.Demo;

/// <summary>What the daemon did with the records it took, counted in records and not in the log records they became.</summary>
/// <param name="In">Durable in the spool.</param>
/// <param name="Out">Delivered: the backend accepted every log record made from it.</param>
/// <param name="Duplicates">Recognised as an event that came before.</param>
/// <param name="DeadLetters">Set aside because they could not be decoded, could not be true, or were refused by the backend.</param>
/// <param name="LogRecords">Log records that the backend accepted; one flow record becomes one for each of its connections.</param>
/// <param name="Polled">Those of <paramref name="In"/> that were asked of the API; the others were sent.</param>
readonly record struct DemoCounts(long In, long Out, long Duplicates, long DeadLetters, long LogRecords, long Polled = 0)
{
    /// <summary>In the spool and not yet accounted for.</summary>
    public long Backlog => In - Out - Duplicates - DeadLetters;
}
