using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Between the records and what processes them: a record that our own code fails at is set aside. Otherwise it would end the process at
/// each start, and nothing behind it would ever be delivered.
/// </summary>
sealed partial class RecordGuard(IRecordProcessor processor, ILogger<RecordGuard> log)
{
    /// <summary>Reason of the dead letter.</summary>
    public const string Reason = "processing_failed";

    bool _hasFailed;

    /// <param name="logs">What the processor writes to.</param>
    /// <param name="batch">Where that ends up; loses again what was written of a record that failed.</param>
    /// <exception cref="IOException">The disk failed, which is not the record's fault.</exception>
    public ProcessResult Process(in RawRecord record, LogWriter logs, LogBatch batch, RecordPass pass)
    {
        var before = batch.Count;
        try
        {
            return processor.Process(record, logs, pass);
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            batch.CutBack(before);
            Say(e, record);
            return ProcessResult.DeadLetter(Reason);
        }
    }

    /// <summary>Once in full: a sender may have many of them. The rest is in the counts of dead letters.</summary>
    void Say(Exception e, in RawRecord record)
    {
        if (!_hasFailed)
            Log.Failed(log, record.Signal, record.Position.Value, Reason, e);
        _hasFailed = true;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "This program has a fault: the {Signal} record at position {Position} could not be processed. It and others like it are dead letters ({Reason}); please report the fault, and send them again with dead-letters retry once it is mended")]
        public static partial void Failed(ILogger log, RecordSignal signal, long position, string reason, Exception e);
    }
}
