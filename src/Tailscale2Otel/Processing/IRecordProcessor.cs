using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing;

/// <summary>Turns one kind of record into log records and counts.</summary>
interface IRecordProcessor
{
    /// <summary>
    /// Decodes the record, asks the deduplication window, and, as the pass says, writes log records and counts. Does not throw
    /// for what is in the record. A record that ends as anything but <see cref="ProcessOutcome.Mapped"/> has written nothing.
    /// </summary>
    /// <param name="logs">Used only with <see cref="RecordPass.Deliver"/>.</param>
    ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass);
}
