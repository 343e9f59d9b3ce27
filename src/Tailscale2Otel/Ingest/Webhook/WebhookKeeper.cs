using System.Globalization;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>Puts the events of one delivery into the spool, each as a record of its own and all in one append.</summary>
/// <param name="tailnet">Whose events these are; empty when only one tailnet is served.</param>
sealed class WebhookKeeper(Intake intake, string tailnet, TimeProvider time)
{
    /// <summary>Whether an append would be taken now.</summary>
    public IntakeOutcome State => intake.State;

    /// <param name="events">Where the events are in the body.</param>
    /// <param name="signedAt">Of the signature, in Unix seconds; null when it was not checked.</param>
    /// <param name="budget">Counts the append while it is in memory.</param>
    public async ValueTask<IntakeOutcome> KeepAsync(ReadOnlyMemory<byte> body, IReadOnlyList<Range> events, long? signedAt, BodyBudget budget)
    {
        if (events.Count == 0)
            return IntakeOutcome.Kept;

        using var batch = new SpoolAppend();
        Fill(batch, body.Span, events, signedAt);
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

    void Fill(SpoolAppend batch, ReadOnlySpan<byte> body, IReadOnlyList<Range> events, long? signedAt)
    {
        var metadata = signedAt is { } t ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{t}}}""")) : [];
        var receivedAt = UnixTime.Nanoseconds(time.GetUtcNow());
        foreach (var range in events)
            batch.Add(RecordSource.Webhook, RecordSignal.Webhook, tailnet, receivedAt, metadata, body[range]);
    }
}
