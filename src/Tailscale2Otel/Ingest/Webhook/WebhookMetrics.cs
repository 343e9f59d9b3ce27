using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>The receiver's instruments; names as in the Go project, so that its dashboards work.</summary>
sealed class WebhookMetrics(Meter meter)
{
    static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
    };

    readonly Counter<long> _rejected = meter.CreateCounter<long>("tailscale.webhook.rejected", "1", "Deliveries refused");
    readonly Counter<long> _stale = meter.CreateCounter<long>("tailscale2otel.webhook.stale", "{delivery}", "Deliveries accepted although their signature was older than the tolerance");
    readonly UpDownCounter<long> _inflight = meter.CreateUpDownCounter<long>("tailscale.webhook.inflight", "{request}", "Webhook requests in progress");
    readonly Histogram<double> _duration = meter.CreateHistogram("tailscale.webhook.request.duration", "s", "Webhook handling time", null, Buckets);

    public void Begin() => _inflight.Add(1);

    public void End(TimeSpan elapsed)
    {
        _inflight.Add(-1);
        _duration.Record(elapsed.TotalSeconds);
    }

    public void Rejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Stale() => _stale.Add(1);
}
