using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Exit nodes and subnet routes of a tailnet. A default route is an exit node's and no subnet.</summary>
static class RouteGauges
{
    public static void Add(GaugeSeries series, IReadOnlyList<Device> devices, bool withRouters)
    {
        var routers = new Dictionary<string, int>(StringComparer.Ordinal);
        var enabled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in devices)
        {
            foreach (var route in Subnets(device.AdvertisedRoutes))
                routers[route] = routers.GetValueOrDefault(route) + 1;
            enabled.UnionWith(Subnets(device.EnabledRoutes));
        }

        series.Add("tailscale.exit_nodes.count", devices.Count(d => IsExitNode(d.AdvertisedRoutes)), series.Attributes.Of(1, ("tailscale.exit_node.state", "advertised")));
        series.Add("tailscale.exit_nodes.count", devices.Count(d => IsExitNode(d.EnabledRoutes)), series.Attributes.Of(1, ("tailscale.exit_node.state", "enabled")));
        series.Add("tailscale.subnet_routes.advertised", routers.Count);
        series.Add("tailscale.subnet_routes.enabled", enabled.Count);
        series.Add("tailscale.subnet_routes.unapproved", routers.Keys.Count(r => !enabled.Contains(r)));
        if (withRouters)
            series.AddAll("tailscale.subnet_routes.routers", "tailscale.route.cidr", routers);
    }

    public static bool IsExitNode(IReadOnlyList<string> routes) => routes.Any(IsDefault);

    static bool IsDefault(string route) => route is "0.0.0.0/0" or "::/0";

    static IEnumerable<string> Subnets(IReadOnlyList<string> routes) => routes.Where(r => !IsDefault(r)).Distinct(StringComparer.Ordinal);
}
