using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Export;

/// <summary>What leaves the daemon, and what does not: docs/signals.md.</summary>
sealed class ExportMetrics(Meter meter)
{
    static readonly InstrumentAdvice<double> DurationBuckets =
        new() { HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] };

    static readonly KeyValuePair<string, object?> Body = new("field", "body");
    static readonly KeyValuePair<string, object?> Attribute = new("field", "attribute");

    readonly Histogram<double> _duration =
        meter.CreateHistogram("tailscale2otel.export.duration", "s", "Wall time of one OTLP export call.", tags: null, DurationBuckets);

    readonly Counter<long> _failures =
        meter.CreateCounter<long>("tailscale2otel.export.failures", "1", "Failed OTLP exports by error class.");

    readonly Counter<long> _suppressed =
        meter.CreateCounter<long>("tailscale2otel.export.diagnostics.suppressed", "1", "Outage log lines withheld by rate limiting.");

    readonly Counter<long> _records =
        meter.CreateCounter<long>("tailscale2otel.export.log_records", "{record}", "Log records handed to the exporter.");

    readonly Counter<long> _points =
        meter.CreateCounter<long>("tailscale2otel.export.datapoints", "{datapoint}", "Metric points handed to the exporter.");

    readonly Counter<long> _rejected =
        meter.CreateCounter<long>("tailscale2otel.export.rejected", "1", "Log records or metric points that the backend refused for good.");

    readonly Counter<long> _bytes =
        meter.CreateCounter<long>("tailscale2otel.export.size", "By", "Bytes of OTLP requests as sent, after compression.");

    readonly Counter<long> _truncated =
        meter.CreateCounter<long>("tailscale2otel.log.record.truncated", "1", "Log bodies and attributes cut to the limit.");

    readonly Counter<long> _truncatedBytes =
        meter.CreateCounter<long>("tailscale2otel.log.truncated.bytes", "By", "Bytes lost to log truncation.");

    public void Sent(string signal, TimeSpan duration, bool success, int bytes)
    {
        _duration.Record(duration.TotalSeconds, new("signal", signal), new("outcome", success ? "success" : "failure"));
        _bytes.Add(bytes, new KeyValuePair<string, object?>("signal", signal));
    }

    /// <param name="errorType">One of the classes of docs/signals.md.</param>
    public void Failed(string signal, string errorType) => _failures.Add(1, new("error.type", errorType), new("signal", signal));

    public void Suppressed(string signal, string errorType) => _suppressed.Add(1, new("signal", signal), new("error.type", errorType));

    public void Records(int count) => _records.Add(count);

    public void Points(long count) => _points.Add(count);

    /// <param name="reason"><c>refused</c>, or <c>partial_success</c>.</param>
    public void Rejected(string signal, string reason, long count) =>
        _rejected.Add(count, new("signal", signal), new("reason", reason));

    public void Truncated(bool isBody, int bytes)
    {
        var field = isBody ? Body : Attribute;
        _truncated.Add(1, field);
        _truncatedBytes.Add(bytes, field);
    }
}
