using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Export.Stdout;

/// <summary>Log records to a terminal or a file; what could be written is delivered.</summary>
sealed class StdoutLogExporter(OtlpStdoutOptions options, TextWriter output, ExportMetrics metrics) : ILogExporter, IDisposable
{
    readonly bool _pretty = options.Pretty;
    readonly SemaphoreSlim _turn = new(1);

    public LogBatch Rent() => new StdoutLogBatch(_pretty);

    /// <exception cref="IOException">The output is closed.</exception>
    public async Task<DeliveryResult> DeliverAsync(LogBatch batch, Func<RefusedRecord, ValueTask> refused, CancellationToken cancellation)
    {
        var records = (StdoutLogBatch)batch;
        metrics.Records(records.Count);
        await _turn.WaitAsync(cancellation);
        try
        {
            await output.WriteAsync(records.Text.AsMemory(), cancellation);
            await output.FlushAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }

        return new DeliveryResult(records.Count, 0, 0);
    }

    public void Dispose() => _turn.Dispose();
}
