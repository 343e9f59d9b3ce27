using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Between the records and what processes them: a record that our own code fails at is set aside. Otherwise it would end the process at
/// each start, and nothing behind it would ever be delivered. Many in a row are no fault of records, and do end the process: the spool
/// keeps more than the dead-letter file.
/// </summary>
sealed partial class RecordGuard(IRecordProcessor processor, ILogger<RecordGuard> log)
{
    /// <summary>Reason of the dead letter.</summary>
    public const string Reason = "processing_failed";

    /// <summary>Records that may fail one after the other.</summary>
    public const int MostInARow = 100;

    readonly HashSet<Type> _told = [];
    int _inARow;

    /// <param name="logs">What the processor writes to.</param>
    /// <param name="batch">Where that ends up; loses again what was written of a record that failed.</param>
    /// <exception cref="IOException">The disk failed, which is not the record's fault.</exception>
    public ProcessResult Process(in RawRecord record, LogWriter logs, LogBatch batch, RecordPass pass)
    {
        var before = batch.Count;
        try
        {
            var result = processor.Process(record, logs, pass);
            _inARow = 0;
            return result;
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            Say(e, record);
            batch.CutBack(before);
            if (++_inARow > MostInARow)
                throw;
            return ProcessResult.DeadLetter(Reason);
        }
    }

    /// <summary>Each kind once, since a sender may have many of them; without the message, which may quote the record.</summary>
    void Say(Exception e, in RawRecord record)
    {
        if (_told.Add(e.GetType()))
            Log.Failed(log, record.Signal, record.Position.Value, Reason, e.GetType().Name, e.StackTrace ?? "");
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "This program has a fault: the {Signal} record at position {Position} could not be processed and is not delivered; the daemon keeps it, and others like it, as dead letters ({Reason}). Please report the fault; once it is mended, dead-letters retry sends them. {Exception} {Stack}")]
        public static partial void Failed(ILogger log, RecordSignal signal, long position, string reason, string exception, string stack);
    }
}
