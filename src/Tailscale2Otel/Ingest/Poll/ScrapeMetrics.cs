using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How the runs of every poller go; names as in the Go project, so that its dashboards work.</summary>
sealed class ScrapeMetrics
{
    static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    };

    readonly Lock _gate = new();
    readonly List<ScrapeState> _states = [];
    readonly Counter<long> _errors;
    readonly Histogram<double> _durations;
    readonly TimeProvider _time;

    public ScrapeMetrics(Meter meter, TimeProvider time)
    {
        _time = time;
        _errors = meter.CreateCounter<long>("tailscale2otel.scrape.errors", "1", "Failed runs");
        _durations = meter.CreateHistogram("tailscale2otel.scrape.duration.histogram", "s", "Distribution of run durations", null, Buckets);
        meter.CreateObservableGauge("tailscale2otel.scrape.success", () => Observe(s => s.Success), "1", "1 if the last run succeeded");
        meter.CreateObservableGauge("tailscale2otel.scrape.duration", () => Observe(s => s.Duration), "s", "Duration of the last run");
        meter.CreateObservableGauge("tailscale2otel.scrape.budget", () => Observe(s => s.Budget), "1", "Duration of the last run divided by the interval");
        meter.CreateObservableGauge("tailscale2otel.scrape.last_timestamp", () => Observe(s => s.LastTimestamp), "s", "Unix time when the last run ended");
        meter.CreateObservableGauge("tailscale2otel.scrape.staleness", () => Observe(s => s.Staleness), "s", "Seconds since the last success, or since the start");
    }

    public ScrapeState Add(IPoller poller)
    {
        var state = new ScrapeState(poller.Interval, CollectorTags.Of(poller.Collector, poller.Tailnet), _errors, _durations, _time);
        lock (_gate)
            _states.Add(state);
        return state;
    }

    List<Measurement<double>> Observe(Func<ScrapeState, double?> value)
    {
        lock (_gate)
            return [.. _states.Select(s => (State: s, Value: value(s))).Where(s => s.Value is not null).Select(s => new Measurement<double>(s.Value!.Value, s.State.Tags))];
    }
}
