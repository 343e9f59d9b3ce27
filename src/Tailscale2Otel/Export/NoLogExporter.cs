namespace Tailscale2Otel.Export;

/// <summary>With <c>otlp.logs.enabled: false</c> records are counted and nothing else.</summary>
sealed class NoLogExporter : ILogExporter
{
    public LogBatch Rent() => NoLogBatch.Instance;

    public Task<DeliveryResult> DeliverAsync(LogBatch batch, Func<RefusedRecord, ValueTask> refused, CancellationToken cancellation) =>
        Task.FromResult(default(DeliveryResult));
}
