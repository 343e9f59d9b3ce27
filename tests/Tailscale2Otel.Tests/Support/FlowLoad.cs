using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// An at-least-once sender: flow records with a sequence number in the fraction of their <c>start</c>, posted in batches, each
/// batch retried until it is acknowledged. The number comes back in <c>tailscale.flow.window.start</c>; a last digit that is
/// never zero keeps it whole there.
/// </summary>
sealed class FlowLoad : IDisposable
{
    /// <summary>Bytes that the metrics count for one record, both directions.</summary>
    public const int RecordTraffic = 150;

    int _next;

    public int BatchRecords { get; init; } = 20;

    /// <summary>How often each batch is posted, all copies at the same time or one after the other.</summary>
    public int Copies { get; init; } = 1;

    public bool AreCopiesConcurrent { get; init; }

    public HecSender Sender { get; } = new();

    public SentRecords Sent { get; } = new();

    public IReadOnlyCollection<int> Acknowledged => Sent.Acknowledged;

    /// <summary>Null lets the senders wait for the next one.</summary>
    public Uri? Target
    {
        set => Sender.Target = value;
    }

    /// <summary>Posts until stopped; a batch under way is then given up, acknowledged or not.</summary>
    public Task RunAsync(int senders, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendAsync(stop), CancellationToken.None)));

    /// <summary>Posts that many batches and ends when all of them are acknowledged.</summary>
    public async Task PostAsync(int batches, CancellationToken stop = default)
    {
        for (var i = 0; i < batches; i++)
            await SendBatchAsync(stop);
    }

    public static int SequenceOf(string windowStart) => int.Parse(windowStart.AsSpan("2026-07-27T12:00:00.".Length, 8));

    /// <summary>The record as Tailscale's stream wraps it.</summary>
    public static string Envelope(int sequence) =>
        $$$"""{"time":1785153605.5,"event":{"nodeId":"nE2E{{{sequence % 40:D2}}}CNTRL","start":"2026-07-27T12:00:00.{{{sequence:D8}}}7Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:{{{Port(sequence)}}}","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]},"fields":{"recorded":"2026-07-27T12:00:05.5Z"}}""";

    /// <summary>The same record as Tailscale's API and bucket have it, by somebody who writes JSON in another order and spelling.</summary>
    public static string Plain(int sequence) =>
        $$$"""{"virtualTraffic":[{"rxBytes":50,"rxPkts":1,"txBytes":100,"txPkts":1,"dst":"100.64.0.2:443","src":"100.64.0.1:{{{Port(sequence)}}}","proto":"TCP"}],"end":"2026-07-27T12:00:05.000Z","start":"2026-07-27T12:00:00.{{{sequence:D8}}}7Z","nodeId":"nE2E{{{sequence % 40:D2}}}CNTRL","logged":"2026-07-27T12:00:09.25Z"}""";

    public void Dispose() => Sender.Dispose();

    static int Port(int sequence) => 1024 + (sequence % 60000);

    async Task SendAsync(CancellationToken stop)
    {
        try
        {
            while (true)
                await SendBatchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    async Task SendBatchAsync(CancellationToken stop)
    {
        var batch = Enumerable.Range(Interlocked.Add(ref _next, BatchRecords) - BatchRecords, BatchRecords).ToArray();
        var body = Encoding.UTF8.GetBytes(string.Concat(batch.Select(Envelope)));
        Sent.Post(batch);
        if (AreCopiesConcurrent)
        {
            await Task.WhenAll(Enumerable.Range(0, Copies).Select(_ => Sender.PostAsync(body, null, stop)));
        }
        else
        {
            for (var i = 0; i < Copies; i++)
                await Sender.PostAsync(body, null, stop);
        }

        Sent.Acknowledge(batch);
    }
}
