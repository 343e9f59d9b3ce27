using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Where one tailnet's device lists go: into the index that names records, into the gauges, and to the grinder, which may wait for
/// the first. They do not go through the spool: the next list replaces all of one that was lost.
/// </summary>
/// <param name="tailnet">As its records carry it.</param>
/// <param name="label">As metrics call it.</param>
sealed class DeviceFeed(string tailnet, string label, DeviceIndex index, DeviceMetrics metrics, FirstDevices first)
{
    public void Take(DeviceSnapshot snapshot)
    {
        index.Replace(snapshot);
        first.Delivered(tailnet);
        metrics.Replace(snapshot with { Tailnet = label });
    }

    /// <summary>There is no new list.</summary>
    public void Failed(ApiFailure failure) => first.Failed(tailnet, failure);
}
