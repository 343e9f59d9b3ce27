using System.Globalization;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>Puts the events of one delivery into the spool, each as a record of its own and all in one append.</summary>
sealed class WebhookKeeper(Intake intake, TimeProvider time)
{
    /// <summary>Whether an append would be taken now.</summary>
    public IntakeOutcome State => intake.State;

    /// <param name="tailnet">Whose events these are; empty when the only tailnet has no name.</param>
    /// <param name="events">Where the events are in the body.</param>
    /// <param name="signedAt">Of the signature, in Unix seconds; null when it was not checked.</param>
    /// <param name="budget">Counts the append while it is in memory.</param>
    public async ValueTask<IntakeOutcome> KeepAsync(string tailnet, ReadOnlyMemory<byte> body, IReadOnlyList<Range> events, long? signedAt, BodyBudget budget)
    {
        if (events.Count == 0)
            return IntakeOutcome.Kept;

        using var batch = new SpoolAppend();
        Fill(batch, tailnet, body.Span, events, signedAt);
        var size = batch.Bytes;
        budget.Take(size);
        try
        {
            return (await intake.AppendAsync(RecordSource.Webhook, batch, body.Length)).Outcome;
        }
        finally
        {
            budget.Give(size);
        }
    }

    void Fill(SpoolAppend batch, string tailnet, ReadOnlySpan<byte> body, IReadOnlyList<Range> events, long? signedAt)
    {
        var metadata = signedAt is { } t ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{t}}}""")) : [];
        var receivedAt = UnixTime.Nanoseconds(time.GetUtcNow());
        foreach (var range in events)
            batch.Add(RecordSource.Webhook, RecordSignal.Webhook, tailnet, receivedAt, metadata, body[range]);
    }
}
