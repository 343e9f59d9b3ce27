using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Where one tailnet's device lists go: into the index that names records, into the gauges, and to the grinder, which may wait for
/// the first. They do not go through the spool: the next list replaces all of one that was lost.
/// </summary>
sealed class DeviceFeed
{
    readonly DeviceIndex _index;
    readonly DeviceMetrics _metrics;
    readonly FirstDevices _first;

    public DeviceFeed(DeviceIndex index, DeviceMetrics metrics, FirstDevices first, EnrichmentMetrics enrichment)
    {
        _index = index;
        _metrics = metrics;
        _first = first;
        enrichment.Watch(index);
    }

    public void Take(DeviceSnapshot snapshot)
    {
        _index.Replace(snapshot);
        _first.Delivered(snapshot.Tailnet);
        _metrics.Replace(snapshot);
    }

    /// <summary>There is no new list.</summary>
    public void Failed(ApiFailure failure) => _first.Failed(_index.Tailnet, failure);
}
