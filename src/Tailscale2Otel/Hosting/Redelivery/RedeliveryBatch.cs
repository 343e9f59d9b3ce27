using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>Records on their way to the backend again, with what is known of each so far.</summary>
/// <param name="first">Number of the first record.</param>
sealed class RedeliveryBatch(LogBatch logs, long first) : IDisposable
{
    readonly List<RedeliveredRecord> _records = [];
    int _mapped;

    public LogBatch Logs { get; } = logs;

    public int Records => _records.Count;

    public Task<DeliveryResult> Answer { get; private set; } = Task.FromResult(default(DeliveryResult));

    public void Add(in RawRecord record, ProcessResult result, int logRecords)
    {
        var outcome = result.Outcome switch
        {
            ProcessOutcome.Mapped when logRecords > 0 => RedeliveryOutcome.Sent,
            ProcessOutcome.Duplicate => RedeliveryOutcome.Duplicate,
            ProcessOutcome.DeadLetter => RedeliveryOutcome.Undecodable,
            _ => RedeliveryOutcome.Unmapped,
        };
        if (outcome == RedeliveryOutcome.Sent)
            _mapped++;
        _records.Add(new RedeliveredRecord(first + _records.Count, record.Position, record.Next, outcome, logRecords) { Reason = result.Reason });
    }

    public void Send(ILogExporter exporter, CancellationToken abandon)
    {
        if (Logs.Count > 0)
            Answer = exporter.DeliverAsync(Logs, Refuse, abandon);
    }

    /// <summary>What became of each record, in their order, when <see cref="Answer"/> has ended.</summary>
    public IReadOnlyList<RedeliveredRecord> Close(DeliveryResult answer)
    {
        if (answer.PartiallyRejected == 0)
            return _records;

        // The backend does not say which; it can only be known when there is nothing to choose from.
        var isKnown = answer.Accepted == 0 || _mapped == 1;
        for (var i = 0; i < _records.Count; i++)
        {
            if (_records[i].Outcome == RedeliveryOutcome.Sent)
            {
                _records[i] = _records[i] with
                {
                    Outcome = isKnown ? RedeliveryOutcome.Refused : RedeliveryOutcome.Uncertain,
                    Message = $"the backend rejected {answer.PartiallyRejected} of {Logs.Count} log records of a request that it took, without saying which",
                };
            }
        }

        return _records;
    }

    public void Dispose() => Logs.Dispose();

    /// <summary>Of several log records of one record the last refusal is told.</summary>
    ValueTask Refuse(RefusedRecord refused)
    {
        var index = (int)(refused.Position.Value - first);
        _records[index] = _records[index] with { Outcome = RedeliveryOutcome.Refused, Status = refused.Status, Message = refused.Message };
        return ValueTask.CompletedTask;
    }
}
