using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What log pollers fetched, how far they are, and what they could not have.</summary>
sealed class PollMetrics
{
    readonly Lock _gate = new();
    readonly List<(Func<double?> Lag, KeyValuePair<string, object?>[] Tags)> _lags = [];
    readonly Counter<long> _windows;
    readonly Counter<long> _records;
    readonly Counter<long> _bytes;
    readonly Counter<long> _halvings;
    readonly Counter<long> _oversized;
    readonly Counter<double> _gap;
    readonly Counter<long> _notSaved;

    public PollMetrics(Meter meter)
    {
        _windows = meter.CreateCounter<long>("tailscale2otel.poll.windows", "{window}", "Windows fetched whole");
        _records = meter.CreateCounter<long>("tailscale2otel.poll.records", "{record}", "Records in answers, repeats among them");
        _bytes = meter.CreateCounter<long>("tailscale2otel.poll.size", "By", "Answers, after decompression");
        _halvings = meter.CreateCounter<long>("tailscale2otel.poll.halvings", "{window}", "Windows asked for again in halves, because the answer was too large or failed again and again");
        _oversized = meter.CreateCounter<long>("tailscale2otel.poll.oversized", "{record}", "Records too large to be kept whole");
        _gap = meter.CreateCounter<double>("tailscale2otel.poll.gap", "s", "Time whose records Tailscale no longer had when they were asked for");
        _notSaved = meter.CreateCounter<long>("tailscale2otel.checkpoint.persist.errors", "1", "The file of cursors could not be written");
        meter.CreateObservableGauge("tailscale2otel.poll.cursor.lag", Lags, "s", "How far the cursor is behind the server's clock");
    }

    /// <param name="lag">Seconds; null while there is no cursor.</param>
    public void Watch(Func<double?> lag, KeyValuePair<string, object?>[] tags)
    {
        lock (_gate)
            _lags.Add((lag, tags));
    }

    public void Fetched(long records, long bytes, KeyValuePair<string, object?>[] tags)
    {
        _windows.Add(1, tags);
        _records.Add(records, tags);
        _bytes.Add(bytes, tags);
    }

    public void Halved(KeyValuePair<string, object?>[] tags) => _halvings.Add(1, tags);

    public void Oversized(KeyValuePair<string, object?>[] tags) => _oversized.Add(1, tags);

    public void Gap(TimeSpan time, KeyValuePair<string, object?>[] tags) => _gap.Add(time.TotalSeconds, tags);

    public void NotSaved() => _notSaved.Add(1);

    List<Measurement<double>> Lags()
    {
        lock (_gate)
            return [.. _lags.Select(l => (Value: l.Lag(), l.Tags)).Where(l => l.Value is not null).Select(l => new Measurement<double>(l.Value!.Value, l.Tags))];
    }
}
