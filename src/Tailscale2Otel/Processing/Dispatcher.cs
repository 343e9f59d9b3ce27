using Tailscale2Otel.Model;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing;

/// <summary>The one place that knows which processor takes which records. Counts what they accepted.</summary>
/// <param name="processors">By signal; a signal without one ends in the dead-letter file.</param>
/// <param name="frozen">Everything that counts records, <paramref name="metrics"/> apart.</param>
/// <param name="redactor">What is not to leave is taken out of log records here, whoever processes them and whoever sends them; null when all may.</param>
sealed class Dispatcher(
    IReadOnlyDictionary<RecordSignal, IRecordProcessor> processors, RecordMetrics metrics, IEnumerable<IFrozenMetrics> frozen, Redactor? redactor = null) : IRecordProcessor, IFrozenMetrics
{
    /// <summary>What a processor answers for a record whose shape said what it is and whose content did not.</summary>
    const string UndecodableReason = "decode_error";

    readonly IFrozenMetrics[] _frozen = [metrics, .. frozen];

    readonly IRecordProcessor?[] _processors =
        [.. Enum.GetValues<RecordSignal>().Select(s => processors.GetValueOrDefault(s))];

    readonly RedactingLogWriter? _redacting = redactor?.OrNull() is { } active ? new RedactingLogWriter(active) : null;

    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        // A poller's bookkeeping, which is in the spool to be as durable as the data it belongs to.
        if (record.Signal == RecordSignal.Cursor)
            return ProcessResult.Mapped;

        var signal = (int)record.Signal;
        if (signal >= _processors.Length || _processors[signal] is not { } processor)
            return ProcessResult.DeadLetter("unknown_signal");

        var result = processor.Process(record, _redacting?.Over(logs) ?? logs, pass);
        if (result.Outcome == ProcessOutcome.Mapped && (pass & RecordPass.Count) != 0)
            metrics.Accept(record, result);
        else if (result.Reason == UndecodableReason && pass.HasFlag(RecordPass.Count))
            metrics.Undecodable(record);
        return result;
    }

    public void Freeze()
    {
        foreach (var counts in _frozen)
            counts.Freeze();
    }
}
