using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>How devices reach others: of each device, and totals of the tailnet and of its DERP regions.</summary>
static class ConnectivityGauges
{
    const string Region = "tailscale.derp.region";

    static readonly string[] Capabilities = ["udp", "ipv6", "pcp", "pmp", "upnp"];

    public static void Add(GaugeSeries series, Device device, string name)
    {
        if (device.Connectivity is not { } connectivity)
            return;

        var host = series.Attributes.Of(2, ("host.name", name), ("host.id", DeviceGauges.IdOf(device)));
        series.Add("tailscale.device.connectivity.udp", Supports(connectivity, "udp"), host);
        series.Add("tailscale.device.connectivity.ipv6", Supports(connectivity, "ipv6"), host);
        series.Add("tailscale.device.connectivity.hard_nat", connectivity.MappingVariesByDestIp, host);
        series.Add("tailscale.device.connectivity.direct_capable", IsDirectCapable(connectivity), host);
        series.Add("tailscale.device.connectivity.endpoints", connectivity.Endpoints, host);
        foreach (var latency in connectivity.Latencies)
        {
            series.Add("tailscale.device.derp.latency", latency.Milliseconds / 1000, series.Attributes.Of(
                2, ("host.name", name), ("host.id", DeviceGauges.IdOf(device)), (Region, latency.Region), ("tailscale.derp.preferred", latency.Preferred)));
        }
    }

    public static void AddTotals(GaugeSeries series, IReadOnlyList<Device> devices, bool byRegion)
    {
        var connectivities = devices.Select(d => d.Connectivity).OfType<DeviceConnectivity>().ToList();
        series.Add("tailscale.devices.direct_capable", connectivities.Count(c => IsDirectCapable(c) == true));
        series.Add("tailscale.devices.hard_nat", connectivities.Count(c => c.MappingVariesByDestIp == true));
        foreach (var capability in Capabilities)
            series.Add("tailscale.devices.client_supports", connectivities.Count(c => Supports(c, capability) == true), series.Attributes.Of(1, ("tailscale.connectivity.capability", capability)));
        if (byRegion)
            AddRegions(series, connectivities.SelectMany(c => c.Latencies));
    }

    static void AddRegions(GaugeSeries series, IEnumerable<DerpLatency> latencies)
    {
        foreach (var region in latencies.GroupBy(l => l.Region, StringComparer.Ordinal).OrderByDescending(r => r.Count()).ThenBy(r => r.Key, StringComparer.Ordinal))
        {
            var attributes = series.Attributes.Of(1, (Region, region.Key));
            series.Add("tailscale.derp.region.devices", region.Count(), attributes);
            series.Add("tailscale.derp.region.latency_min", region.Min(l => l.Milliseconds) / 1000, attributes);
            series.Add("tailscale.derp.region.preferred", region.Count(l => l.Preferred), attributes);
        }
    }

    static bool? Supports(DeviceConnectivity connectivity, string capability) =>
        connectivity.Supports.TryGetValue(capability, out var supports) ? supports : null;

    /// <summary>UDP works and the NAT gives the same port to every destination; null while one of the two is unknown.</summary>
    static bool? IsDirectCapable(DeviceConnectivity connectivity) =>
        Supports(connectivity, "udp") is { } udp && connectivity.MappingVariesByDestIp is { } isHardNat ? udp && !isHardNat : null;
}
