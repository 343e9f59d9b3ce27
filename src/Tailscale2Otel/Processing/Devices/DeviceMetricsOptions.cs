using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Which gauges are made of the device list.</summary>
[ConfigSection("collectors.devices")]
sealed class DeviceMetricsOptions : IConfigSection
{
    /// <summary>Adds the number of advertised and of enabled routes of each device.</summary>
    public bool CollectRoutes { get; set; }

    /// <summary>Adds how devices reach others: UDP, IPv6, NAT, endpoints and latency to DERP regions.</summary>
    public bool CollectConnectivity { get; set; } = true;

    /// <summary>Adds the number of devices by tag.</summary>
    public bool CollectTagRollup { get; set; } = true;

    /// <summary>Tags with the most devices that have a series of their own; the rest is summed under __other__. 0 or less is all.</summary>
    public int TagRollupLimit { get; set; } = 50;
}
