using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>The gauges that have series for each device, <c>tailscale.device.*</c>, but for those of connectivity.</summary>
static class DeviceGauges
{
    /// <param name="latest">Newest release of the client; null while it is not known.</param>
    public static void Add(GaugeSeries series, Device device, string name, bool withRoutes, ClientVersion? latest)
    {
        var all = series.Attributes.Of(
            2, ("host.name", name), ("host.id", IdOf(device)), ("os.type", device.Os), ("tailscale.user", device.User),
            ("os.version", device.Distro?.Version), ("tailscale.tags", DeviceTexts.TagText(device.Tags)));
        series.Add("tailscale.device.online", device.ConnectedToControl, all);
        series.Add("tailscale.device.created", device.Created, all);
        series.Add("tailscale.device.last_seen", device.LastSeen, all);
        series.Add("tailscale.device.key.expiry", device.KeyExpiryDisabled == true ? null : device.Expires, all);
        series.Add("tailscale.device.key_expiry_disabled", device.KeyExpiryDisabled, all);
        series.Add("tailscale.device.update_available", device.UpdateAvailable, all);
        series.Add("tailscale.device.blocks_incoming_connections", device.BlocksIncomingConnections, all);
        series.Add("tailscale.device.multiple_connections", device.MultipleConnections, all);
        series.Add("tailscale.device.ssh_enabled", device.SshEnabled, all);
        series.Add("tailscale.device.posture_identity.disabled", device.PostureIdentityDisabled, all);
        if (latest is { } newest && ClientVersion.Parse(device.ClientVersion) is { } version)
            series.Add("tailscale.device.version_skew", version.MinorsBehind(newest), all);
        AddRoutes(series, device, name, withRoutes);
        if (device.Distro is { } distro)
            series.Add("tailscale.device.distro", 1, series.Attributes.Of(2, ("host.name", name), ("host.id", IdOf(device)), (FleetGauges.DistroName, FleetGauges.Distro(distro.Name)), (FleetGauges.DistroCodeName, FleetGauges.Distro(distro.CodeName))));
    }

    /// <summary>The API's older ID, as in the Go project.</summary>
    public static string IdOf(Device device) => device.Id.Length > 0 ? device.Id : device.NodeId;

    static void AddRoutes(GaugeSeries series, Device device, string name, bool withRoutes)
    {
        if (RouteGauges.IsExitNode(device.AdvertisedRoutes))
            series.Add("tailscale.device.exit_node", 1, series.Attributes.Of(2, ("host.name", name), ("host.id", IdOf(device)), ("tailscale.exit_node.enabled", RouteGauges.IsExitNode(device.EnabledRoutes))));
        if (!withRoutes)
            return;

        var host = series.Attributes.Of(2, ("host.name", name), ("host.id", IdOf(device)));
        series.Add("tailscale.device.routes.advertised", device.AdvertisedRoutes.Count, host);
        series.Add("tailscale.device.routes.enabled", device.EnabledRoutes.Count, host);
    }
}
