using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>How many questions about single devices are asked and answered.</summary>
sealed class SubrequestMetrics
{
    readonly Lock _gate = new();
    readonly List<SubrequestSeries> _series = [];
    readonly Counter<long> _attempts;
    readonly Counter<long> _failures;
    readonly Counter<long> _leftOut;

    public SubrequestMetrics(Meter meter)
    {
        _attempts = meter.CreateCounter<long>("tailscale2otel.subrequest.attempts", "{request}", "Questions about single devices");
        _failures = meter.CreateCounter<long>("tailscale2otel.subrequest.failures", "{request}", "Questions about single devices that were not answered");
        _leftOut = meter.CreateCounter<long>("tailscale2otel.subrequest.left_out", "{entry}", "Attributes and invites of single devices over the limit, which are not kept");
        meter.CreateObservableGauge("tailscale2otel.subrequest.coverage", Observe, "1", "Share of the devices that the last pass read; 1 if there were none");
    }

    /// <param name="tailnet">As metrics call it.</param>
    public SubrequestSeries Add(string subrequest, string tailnet)
    {
        var series = new SubrequestSeries(
            [.. CollectorTags.Of("devices", tailnet), new KeyValuePair<string, object?>("tailscale.subrequest", subrequest)], _attempts, _failures, _leftOut);
        lock (_gate)
            _series.Add(series);
        return series;
    }

    List<Measurement<double>> Observe()
    {
        lock (_gate)
            return [.. _series.Where(s => s.Coverage is not null).Select(s => new Measurement<double>(s.Coverage!.Value, s.Tags))];
    }
}
