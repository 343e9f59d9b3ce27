using System.Diagnostics.Metrics;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>How delivery of the log streams goes as metrics; names as in the Go project, so that its dashboards work.</summary>
sealed class LogStreamMetrics
{
    readonly Lock _gate = new();
    LogStreamSeries[] _series = [];

    public LogStreamMetrics(Meter meter)
    {
        meter.CreateObservableGauge("tailscale.logstream.configured", () => Longs(s => s.Configured), "1", "1 when a log is streamed somewhere");
        meter.CreateObservableGauge("tailscale.logstream.error", () => Longs(s => s.Error), "1", "1 when the last delivery failed");
        meter.CreateObservableGauge("tailscale.logstream.last_activity", () => Of(s => s.LastActivity), "s", "Last delivery, Unix time");
        meter.CreateObservableGauge("tailscale2otel.logstream.drift", () => Longs(s => s.Drifted), "1", "1 while the destination is not the one that auto_configure set");
        meter.CreateObservableCounter("tailscale.logstream.bytes_sent", () => Longs(s => s.Counts?.Bytes), "By", "Bytes that Tailscale delivered");
        meter.CreateObservableCounter("tailscale.logstream.entries_sent", () => Longs(s => s.Counts?.Entries), "{event}", "Entries that Tailscale delivered");
        meter.CreateObservableCounter("tailscale.logstream.spoofed_entries", () => Longs(s => s.Counts?.Spoofed), "{event}", "Entries without a matching report from the other side");
        meter.CreateObservableCounter("tailscale.logstream.requests", () => Longs(s => s.Counts?.Requests), "{request}", "Requests that Tailscale made to the destination");
        meter.CreateObservableCounter("tailscale.logstream.requests_failed", () => Longs(s => s.Counts?.Failed), "{request}", "Those that failed");
        meter.CreateObservableCounter("tailscale.logstream.max_body_requests", () => Longs(s => s.Counts?.MaxBody), "{request}", "Those of the largest size");
    }

    public LogStreamSeries Add(string tailnet, LogType type)
    {
        var series = new LogStreamSeries(tailnet, type);
        lock (_gate)
            _series = [.. _series, series];
        return series;
    }

    List<Measurement<long>> Longs(Func<LogStreamSeries, long?> value) => Of(value);

    List<Measurement<T>> Of<T>(Func<LogStreamSeries, T?> value)
        where T : struct
    {
        List<Measurement<T>> all = [];
        foreach (var series in Volatile.Read(ref _series))
        {
            if (value(series) is { } known)
                all.Add(new Measurement<T>(known, series.Tags));
        }

        return all;
    }
}
