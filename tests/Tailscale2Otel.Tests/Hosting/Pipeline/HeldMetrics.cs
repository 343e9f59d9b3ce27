using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>A metric backend that accepts, fails, or does not answer until the test lets it.</summary>
sealed class HeldMetrics(Changes changes) : BaseExporter<Metric>
{
    readonly ManualResetEventSlim _gate = new(true);

    public bool Accepts { get; set; } = true;

    /// <summary>Records by <c>tailscale2otel.ingest.records</c> of each export.</summary>
    public List<long> Counted { get; } = [];

    public void Hold() => _gate.Reset();

    public void LetGo() => _gate.Set();

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var sum = 0L;
        foreach (var metric in batch)
        {
            if (metric.Name != "tailscale2otel.ingest.records")
                continue;
            foreach (ref readonly var point in metric.GetMetricPoints())
                sum += point.GetSumLong();
        }

        Counted.Add(sum);
        changes.Note("exports");
        if (!_gate.Wait(Changes.Patience))
            throw new TimeoutException("The test never let the metrics go.");
        changes.Note("exported");
        return Accepts ? ExportResult.Success : ExportResult.Failure;
    }
}
