using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Tailscale;

/// <summary>Calls of one tailnet's API; names as in the Go project, so that its dashboards work.</summary>
sealed class ApiMetrics(string tailnet, Meter meter)
{
    static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30],
    };

    readonly Counter<long> _requests = meter.CreateCounter<long>("tailscale2otel.api.requests", "1", "Control-plane API calls");
    readonly Counter<long> _retries = meter.CreateCounter<long>("tailscale2otel.api.retries", "1", "Extra attempts beyond the first");
    readonly Counter<long> _skipped = meter.CreateCounter<long>("tailscale2otel.api.skipped", "{entry}", "Entries of answers that could not be used");
    readonly Histogram<double> _duration = meter.CreateHistogram("tailscale2otel.api.duration", "s", "Logical control-plane API call latency including retries", null, Buckets);
    readonly Histogram<double> _wait = meter.CreateHistogram("tailscale2otel.api.rate_limit.wait", "s", "Time spent blocked on the client rate limiter", null, Buckets);
    readonly KeyValuePair<string, object?>[] _tailnet = TailnetTag(tailnet);

    /// <summary>None for the only tailnet when it was not named.</summary>
    public static KeyValuePair<string, object?>[] TailnetTag(string tailnet) => tailnet.Length == 0 ? [] : [new("tailscale.tailnet", tailnet)];

    /// <param name="status">Of the last answer; 0 when there was none, and then it is no attribute.</param>
    public void Called(string endpoint, int status, TimeSpan elapsed)
    {
        KeyValuePair<string, object?>[] tags = status == 0 ? Tags(endpoint) : [.. Tags(endpoint), new("http.response.status_code", status)];
        _requests.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Retried(string endpoint) => _retries.Add(1, Tags(endpoint));

    public void Waited(string endpoint, TimeSpan wait) => _wait.Record(wait.TotalSeconds, Tags(endpoint));

    public void Skipped(string endpoint, int entries)
    {
        if (entries > 0)
            _skipped.Add(entries, Tags(endpoint));
    }

    KeyValuePair<string, object?>[] Tags(string endpoint) => [new("endpoint", endpoint), .. _tailnet];
}
