namespace Tailscale2Otel.Export;

/// <summary>Where log records leave the daemon.</summary>
interface ILogExporter
{
    /// <summary>An empty batch of this exporter's kind; its owner gives it back with <see cref="IDisposable.Dispose"/>.</summary>
    LogBatch Rent();

    /// <summary>
    /// Ends when every record of the batch was accepted or refused by the backend; what may pass by waiting is retried until
    /// then. Several batches may be under way at once. The caller keeps the batch and must not touch it meanwhile.
    /// </summary>
    /// <param name="refused">
    /// Called for each record that the backend refuses when it stands alone, before the task ends. What it throws ends the task.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled: what was accepted before is not known.</exception>
    Task<DeliveryResult> DeliverAsync(LogBatch batch, Func<RefusedRecord, ValueTask> refused, CancellationToken cancellation);
}
