using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest;

/// <summary>The one door into the spool: everything that is caught goes through it, is counted, and is durable before it is acknowledged.</summary>
/// <param name="stopping">Cancelled when the daemon goes down; what is under way then is still kept.</param>
sealed class Intake(ISpool spool, IngestMetrics metrics, CancellationToken stopping)
{
    /// <summary>Whether an append would be taken now, so that a receiver need not read a body in vain.</summary>
    public IntakeOutcome State => stopping.IsCancellationRequested ? IntakeOutcome.Stopping : Map(spool.State.Outcome);

    /// <summary>Log records before this position were accepted by the backend.</summary>
    public SpoolPosition Delivered => spool.Cursors.Delivered;

    /// <summary>
    /// Appends the batch and ends when it is durable. Does not throw for what the disk does. The caller may dispose the batch then.
    /// </summary>
    /// <param name="contentBytes">Bytes of the records as they came, after decompression.</param>
    /// <param name="bookkeeping">Frames of the batch that are no records: a poller's cursor.</param>
    public async ValueTask<IntakeResult> AppendAsync(RecordSource source, SpoolAppend batch, long contentBytes, int bookkeeping = 0)
    {
        var records = batch.Count - bookkeeping;
        metrics.Received(source, records);
        // No token: giving up would leave open whether the append happened, and it ends by itself.
        var result = await spool.AppendAsync(batch, CancellationToken.None);
        var outcome = Map(result.Outcome);
        if (outcome == IntakeOutcome.Kept)
            metrics.Accepted(source, records, contentBytes);
        else
            metrics.Refused(source, outcome, records);
        return new IntakeResult(outcome, result.End);
    }

    static IntakeOutcome Map(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Durable => IntakeOutcome.Kept,
        AppendOutcome.Full => IntakeOutcome.Full,
        _ => IntakeOutcome.Unavailable,
    };
}
