using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>The instruments of all windows, each point with its <c>dedup.set</c>.</summary>
sealed class DeduplicationMetrics
{
    readonly TailnetMeter _meter;
    readonly Counter<long> _hits;
    readonly List<DeduplicationCounts> _sets = [];

    public DeduplicationMetrics(TailnetMeter meter)
    {
        _meter = meter;
        _hits = meter.CreateCounter("tailscale2otel.dedup.hits", "1", "Records suppressed as already seen");
        meter.CreateObservableCounter("tailscale2otel.dedup.evictions", Evictions, "1", "Keys that left the window");
        meter.CreateObservableCounter("tailscale2otel.dedup.damaged", () => Each(c => c.Damaged), "{file}", "Files of keys that could not be read");
        meter.CreateObservableGauge("tailscale2otel.dedup.size", () => Each(c => c.Size), "1", "Keys currently held");
        meter.CreateObservableGauge("tailscale2otel.dedup.capacity", () => Each(c => c.Capacity), "1", "Keys that can be held");
    }

    /// <summary>What one more window counts. Only before the first collection.</summary>
    public DeduplicationCounts Add(string set, int capacity)
    {
        var counts = new DeduplicationCounts(set, capacity);
        _sets.Add(counts);
        return counts;
    }

    public void Hit(string set) => _hits.Add(1, _meter.Tags(SetTag(set)));

    static KeyValuePair<string, object?> SetTag(string set) => new("dedup.set", set);

    IEnumerable<Measurement<long>> Each(Func<DeduplicationCounts, long> value) => _sets.Select(c => new Measurement<long>(value(c), SetTag(c.Set)));

    IEnumerable<Measurement<long>> Evictions()
    {
        foreach (var counts in _sets)
        {
            yield return new(counts.EvictedByCount, SetTag(counts.Set), new("reason", "count"));
            yield return new(counts.EvictedByAge, SetTag(counts.Set), new("reason", "age"));
        }
    }
}
