using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo;

/// <summary>
/// Lets the tailnet produce records at a rate and posts them in batches, flow and audit records in separate requests, with one
/// compression after the other, and every so often the same batch twice.
/// </summary>
/// <param name="told">Told of every record; null is nobody.</param>
sealed class SimulatedStream(
    SimulatedTailnet tailnet, StreamPublisher publisher, double rate, StreamEncoding[] encodings, TimeProvider time, Action<SimulatedRecord>? told = null)
{
    /// <summary>Records of one captured request.</summary>
    public const int TypicalBatch = 73;

    /// <summary>The most that one captured request held: what is behind is caught up in batches of at most this.</summary>
    public const int LargestBatch = 3375;

    /// <summary>One record in this many is an audit record.</summary>
    public const int AuditShare = 20;

    /// <summary>One request in this many is sent again, as a sender does that lost the answer.</summary>
    public const int RepeatShare = 7;

    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    readonly StreamBatch _flow = new();
    readonly StreamBatch _audit = new();
    long _produced;
    int _requests;
    int _encoding;

    /// <summary>Ends after <paramref name="stop"/> when what was produced by then has been answered.</summary>
    /// <param name="abort">Gives up on a receiver that does not answer.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var start = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            Produce((long)(time.GetElapsedTime(start).TotalSeconds * rate));
            await PublishAsync(final: false, abort);
            try
            {
                await Task.Delay(Tick, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }

        await PublishAsync(final: true, abort);
    }

    void Produce(long due)
    {
        var recorded = time.GetUtcNow();
        var timestamp = time.GetTimestamp();
        for (; _produced < due && _flow.Count < LargestBatch; _produced++)
        {
            SimulatedRecord record = _produced % AuditShare == AuditShare - 1 ? tailnet.NextAudit(recorded) : tailnet.NextFlow(recorded);
            (record is SimulatedAudit ? _audit : _flow).Add(record.WriteStream, timestamp);
            told?.Invoke(record);
        }
    }

    async Task PublishAsync(bool final, CancellationToken abort)
    {
        foreach (var batch in (StreamBatch[])[_flow, _audit])
        {
            if (batch.Count == 0 || (!final && batch.Count < TypicalBatch && time.GetElapsedTime(batch.OpenedAt) < LongestWait))
                continue;

            await publisher.SendAsync(batch.Body, batch.Count, NextEncoding(), repeated: false, abort);
            if (++_requests % RepeatShare == RepeatShare / 2)
                await publisher.SendAsync(batch.Body, batch.Count, NextEncoding(), repeated: true, abort);
            batch.Clear();
        }
    }

    StreamEncoding NextEncoding() => encodings[_encoding++ % encodings.Length];
}
