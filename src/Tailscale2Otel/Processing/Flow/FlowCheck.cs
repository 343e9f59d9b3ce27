namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// What a record may say. The answer depends on the record and its receive time alone, so that
/// reading it again gives the same one; of several faults the first of this list is named.
/// </summary>
static class FlowCheck
{
    /// <summary>How far a node's clock may be ahead.</summary>
    const long MaxFuture = 5 * 60 * EventTime.NanosecondsPerSecond;

    /// <returns>The <c>reason</c> of <c>tailscale.network.data_quality</c>; empty for a record that can be true.</returns>
    public static string FaultOf(FlowRecord record, long receivedAt)
    {
        if ((record.Faults & FlowFaults.NegativeCounters) != 0)
            return "negative_counters";
        if (record.Start != 0 && record.End != 0 && record.Start > record.End)
            return "inverted_window";
        if ((record.Faults & FlowFaults.InvalidEndpoint) != 0)
            return "invalid_endpoint";
        // Of Tailscale's clock where the record has it: ours may be the one that is wrong, and a true record must not be given up for that.
        if (Math.Max(record.Start, record.End) - Math.Max(record.Logged, receivedAt) > MaxFuture)
            return "future_timestamp";
        return (record.Faults & FlowFaults.InvalidProtocol) != 0 ? "invalid_protocol" : "";
    }

    /// <summary>Whether the record's embedded reporter is the node that it says it is from.</summary>
    public static ReporterConsistency ConsistencyOf(FlowRecord record, FlowText text)
    {
        if (record.Reporter < 0 || record.Nodes[record.Reporter].NodeId.IsEmpty)
            return ReporterConsistency.MissingReference;

        return text[record.Nodes[record.Reporter].NodeId].SequenceEqual(text[record.NodeId]) ? ReporterConsistency.Match : ReporterConsistency.Mismatch;
    }
}
