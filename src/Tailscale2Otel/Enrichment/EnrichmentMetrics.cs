using System.Diagnostics.Metrics;
using System.Globalization;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Enrichment;

/// <summary>How large and how old the device lists are, asked when somebody looks, so that a list which stopped coming is seen.</summary>
sealed class EnrichmentMetrics
{
    readonly TimeSpan _ttl;
    readonly Health _health;
    volatile DeviceIndex[] _indexes = [];

    public EnrichmentMetrics(Meter meter, EnrichmentOptions options, Health health)
    {
        _ttl = options.CacheTtl;
        _health = health;
        meter.CreateObservableGauge("tailscale2otel.enrich.cache_age", () => Observe(i => i.Age!.Value.TotalSeconds), "s", "Seconds since the device list was replaced");
        meter.CreateObservableGauge("tailscale2otel.enrich.cache_size", () => Observe(i => i.Current.Count), "1", "Devices in the device list");
    }

    /// <summary>Reports an index from its first list on, and advises when a list is older than <c>enrichment.cache_ttl</c>.</summary>
    public void Watch(DeviceIndex index)
    {
        _indexes = [.. _indexes, index];
        _health.Advise(index.Label.Length == 0 ? "device list" : $"device list {index.Label}", () => AdviceOn(index));
    }

    string AdviceOn(DeviceIndex index) => index.Age is { } age && age > _ttl
        ? string.Create(CultureInfo.InvariantCulture, $"The device list is {(long)age.TotalSeconds} seconds old and enrichment.cache_ttl is {(long)_ttl.TotalSeconds}: names, users and tags may be out of date. The devices collector's messages say why it gets no newer one; or its interval is above the TTL.")
        : "";

    IEnumerable<Measurement<double>> Observe(Func<DeviceIndex, double> value) =>
        _indexes.Where(i => i.Age is not null).Select(i => i.Label.Length == 0
            ? new Measurement<double>(value(i))
            : new Measurement<double>(value(i), new KeyValuePair<string, object?>("tailscale.tailnet", i.Label)));
}
