using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>What is said at the end.</summary>
static class ReplaySummary
{
    public static void Write(ReplayCounts counts, ReplayRange range, SpoolSnapshot snapshot, string target, TextWriter output)
    {
        Row(output, "read", counts.Read, $"records, positions {range.From} to {range.To}");
        Row(output, "matched", counts.Matched, "");
        Row(output, "sent", counts[RedeliveryOutcome.Sent], $"as {SizeText.Exact(counts.LogRecords)} log records to {target}");
        Row(output, "duplicates", counts[RedeliveryOutcome.Duplicate], "held more than once, sent once");
        Row(output, "refused", counts[RedeliveryOutcome.Refused], "by the backend");
        Row(output, "undecodable", counts[RedeliveryOutcome.Undecodable], "dead letters the first time too");
        if (counts[RedeliveryOutcome.Unmapped] > 0)
            Row(output, "not mapped", counts[RedeliveryOutcome.Unmapped], "the configuration asks for no log record of them");
        if (counts[RedeliveryOutcome.Uncertain] > 0)
            Row(output, "uncertain", counts[RedeliveryOutcome.Uncertain], "the backend rejected some log records without saying which");
        WriteLosses(range, snapshot, output);
    }

    public static void WriteLosses(ReplayRange range, SpoolSnapshot snapshot, TextWriter output)
    {
        var damaged = range.DamagedPlaces(snapshot.Damage);
        if (damaged > 0)
            output.WriteLine($"{SizeText.Exact(damaged)} damaged places could not be read; 'spool verify' lists them");
        if (snapshot.Damage.SweptBytes > 0)
            output.WriteLine($"{SizeText.Both(snapshot.Damage.SweptBytes)} were deleted by retention before they could be read");
    }

    static void Row(TextWriter output, string name, long records, string note) => output.WriteLine($"{name,-11}  {SizeText.Exact(records),14}  {note}".TrimEnd());
}
