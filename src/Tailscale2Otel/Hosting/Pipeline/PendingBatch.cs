using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>A stretch of the spool on its way to the backend: its log records, and what became of the records without any.</summary>
sealed class PendingBatch(LogBatch logs, long startedAt) : IDisposable
{
    readonly HashSet<SpoolPosition> _refused = [];

    public LogBatch Logs { get; } = logs;

    /// <summary><see cref="TimeProvider.GetTimestamp"/> of the first record.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Where the cursor goes when the backend has answered.</summary>
    public SpoolPosition End { get; private set; }

    /// <summary>How far the deduplication window's files reached when the batch was closed.</summary>
    public SpoolPosition Keyed { get; set; }

    public int Records => Mapped + Duplicates + DeadLetters + Dropped;

    public int Mapped { get; private set; }

    public int Duplicates { get; private set; }

    public int DeadLetters { get; private set; }

    public int Dropped { get; private set; }

    /// <summary>Records of which the backend refused at least one log record.</summary>
    public int RefusedRecords => _refused.Count;

    public void Close(ProcessOutcome outcome, SpoolPosition next)
    {
        End = next;
        switch (outcome)
        {
            case ProcessOutcome.Mapped: Mapped++; break;
            case ProcessOutcome.Duplicate: Duplicates++; break;
            case ProcessOutcome.DeadLetter: DeadLetters++; break;
            default: Dropped++; break;
        }
    }

    /// <summary>Moves the end over frames that are nobody's records.</summary>
    public void Pass(SpoolPosition next) => End = next;

    /// <returns>False when a log record of the same record was refused before.</returns>
    public bool Refuse(SpoolPosition position) => _refused.Add(position);

    public void Dispose() => Logs.Dispose();
}
