using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>
/// Gauges over the last device list of each tailnet: a device that left the list has no series any more. They have nothing to do
/// with records, so that no freeze and no cursor concerns them. Any thread.
/// </summary>
sealed class DeviceMetrics : IDisposable
{
    const int LeastRoom = 64;

    readonly Meter _meter;
    readonly DeviceMetricsOptions _options;
    readonly CardinalityOptions _cardinality;
    readonly Redactor? _redactor;
    readonly int _limit;
    readonly Lock _gate = new();
    readonly ConcurrentDictionary<(string Tailnet, GaugePart Part), GaugeSeries> _series = [];
    readonly HashSet<GaugePart> _parts = [];
    volatile Dictionary<string, int> _rooms = [];
    Meter? _own;
    bool _hasRelease;
    ClientVersion? _latest;

    /// <param name="meter">Whose name the gauges have; they are made by meters of their own within it.</param>
    /// <param name="redactor">See <see cref="GaugeAttributes"/>.</param>
    public DeviceMetrics(Meter meter, DeviceMetricsOptions options, CardinalityOptions cardinality, Redactor? redactor = null)
    {
        _meter = meter;
        _options = options;
        _cardinality = cardinality;
        _redactor = redactor;
        _limit = cardinality.ToSeriesLimit();
    }

    /// <summary><c>version_checks.devices.outdated_minor_threshold</c>.</summary>
    public int OutdatedThreshold { get; init; } = new OutdatedOptions().OutdatedMinorThreshold;

    /// <summary>
    /// The instruments begin with the first list, or with what comes beside it, and are made anew when one of them needs more room
    /// than it has: each costs memory for all the series that it might get.
    /// </summary>
    public void Replace(DeviceSnapshot snapshot) => Replace(snapshot.Tailnet, GaugePart.List, SeriesOf(snapshot, Latest));

    /// <param name="posture">By node ID; devices that are not in the list have no series.</param>
    public void Replace(DeviceSnapshot snapshot, IReadOnlyDictionary<string, PostureFacts> posture)
    {
        var series = Series(snapshot);
        PostureGauges.Add(series, snapshot.Devices, posture);
        Replace(snapshot.Tailnet, GaugePart.Posture, series);
    }

    /// <param name="invites">By node ID; those of devices that are not in the list do not count.</param>
    public void Replace(DeviceSnapshot snapshot, IReadOnlyDictionary<string, IReadOnlyList<InviteFacts>> invites)
    {
        var series = Series(snapshot);
        InviteGauges.Add(series, snapshot, invites);
        Replace(snapshot.Tailnet, GaugePart.Invites, series);
    }

    /// <summary>Devices are compared with it from their next list on. What is no version is not taken.</summary>
    public bool TryTakeLatest(string version)
    {
        if (ClientVersion.Parse(version) is not { } latest)
            return false;
        lock (_gate)
            _latest = latest;
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
            _own?.Dispose();
    }

    ClientVersion? Latest
    {
        get
        {
            lock (_gate)
                return _latest;
        }
    }

    void Replace(string tailnet, GaugePart part, GaugeSeries series)
    {
        lock (_gate)
        {
            _series[(tailnet, part)] = series;
            var isNew = _parts.Add(part) | (part == GaugePart.List && _hasRelease != _latest is not null);
            if (isNew || _rooms.Any(r => Needed(r.Key) > r.Value))
                Register();
        }
    }

    GaugeSeries Series(DeviceSnapshot snapshot) => new(new GaugeAttributes(snapshot.Tailnet, _redactor));

    GaugeSeries SeriesOf(DeviceSnapshot snapshot, ClientVersion? latest)
    {
        var series = Series(snapshot);
        FleetGauges.Add(series, snapshot);
        RouteGauges.Add(series, snapshot.Devices, _cardinality.SubnetRouteRollup);
        if (_options.CollectTagRollup)
            FleetGauges.AddTags(series, snapshot.Devices, _options.TagRollupLimit);
        if (_options.CollectConnectivity)
            ConnectivityGauges.AddTotals(series, snapshot.Devices, _cardinality.DerpRegionRollup);
        if (_cardinality.PerEntity.Device)
            AddDevices(series, snapshot.Devices, latest);
        if (latest is { } newest)
            FleetGauges.AddOutdated(series, snapshot.Devices, newest, OutdatedThreshold);
        return series;
    }

    void AddDevices(GaugeSeries series, IReadOnlyList<Device> devices, ClientVersion? latest)
    {
        // Always in the same order, so that the same devices have series when there are too many of them.
        var sorted = DeviceNames.Distinct(devices);
        var names = DeviceNames.Of(sorted);
        for (var i = 0; i < sorted.Count; i++)
        {
            DeviceGauges.Add(series, sorted[i], names[i], _options.CollectRoutes, latest);
            if (_options.CollectConnectivity)
                ConnectivityGauges.Add(series, sorted[i], names[i]);
        }
    }

    void Register()
    {
        _own?.Dispose();
        _rooms = new Dictionary<string, int>(StringComparer.Ordinal);
        _own = new Meter(new MeterOptions(_meter.Name) { Version = _meter.Version, Scope = _meter });
        if (_parts.Contains(GaugePart.List))
        {
            RegisterTotals(_own);
            if (_cardinality.PerEntity.Device)
                RegisterDevices(_own);
            RegisterReleases(_own);
        }

        if (_parts.Contains(GaugePart.Posture))
            RegisterPosture(_own);
        if (_parts.Contains(GaugePart.Invites))
            RegisterInvites(_own);
        _own.CreateObservableGauge("tailscale2otel.devices.series_left_out", LeftOut, "{series}", "Series of device gauges over the limit, which are not reported");
    }

    /// <summary>Series of a gauge, as far as they are reported.</summary>
    int Needed(string gauge) => Math.Min(_series.Values.Sum(s => s.Of(gauge).Count), _limit);

    void RegisterTotals(Meter meter)
    {
        Gauge(meter, "tailscale.devices.count", "1", "Devices by OS, authorized and external");
        Gauge(meter, "tailscale.devices.by_version", "1", "Devices by client version");
        Gauge(meter, "tailscale.devices.by_distro", "1", "Devices by Linux distribution");
        Gauge(meter, "tailscale.devices.by_age", "1", "Devices by time since they were created");
        Gauge(meter, "tailscale.devices.by_key_expiry", "1", "Devices by time until their node key expires");
        Gauge(meter, "tailscale.devices.ephemeral", "1", "Ephemeral devices");
        Gauge(meter, "tailscale.devices.key_expiry_disabled", "1", "Devices whose node key never expires");
        Gauge(meter, "tailscale.devices.ssh_enabled", "1", "Devices with Tailscale SSH");
        Gauge(meter, "tailscale.devices.untagged", "1", "Own devices without tags");
        Gauge(meter, "tailscale.tailnet_lock.errors", "1", "Devices with a tailnet lock error");
        Gauge(meter, "tailscale.exit_nodes.count", "1", "Exit nodes advertised and enabled");
        Gauge(meter, "tailscale.subnet_routes.advertised", "{route}", "Different subnet routes that are advertised");
        Gauge(meter, "tailscale.subnet_routes.enabled", "{route}", "Different subnet routes that are approved");
        Gauge(meter, "tailscale.subnet_routes.unapproved", "{route}", "Subnet routes that are advertised and approved nowhere");
        if (_cardinality.SubnetRouteRollup)
            Gauge(meter, "tailscale.subnet_routes.routers", "1", "Devices that advertise a subnet route");
        if (_options.CollectTagRollup)
            Gauge(meter, "tailscale.devices.by_tag", "1", "Devices by tag");
        if (!_options.CollectConnectivity)
            return;

        Gauge(meter, "tailscale.devices.direct_capable", "1", "Devices that can likely reach others directly");
        Gauge(meter, "tailscale.devices.hard_nat", "1", "Devices behind a hard NAT");
        Gauge(meter, "tailscale.devices.client_supports", "1", "Devices that support a means of NAT traversal");
        if (!_cardinality.DerpRegionRollup)
            return;

        Gauge(meter, "tailscale.derp.region.devices", "1", "Devices that report a latency to a DERP region");
        Gauge(meter, "tailscale.derp.region.latency_min", "s", "Best latency of a device to a DERP region");
        Gauge(meter, "tailscale.derp.region.preferred", "1", "Devices whose home is a DERP region");
    }

    void RegisterDevices(Meter meter)
    {
        Gauge(meter, "tailscale.device.online", "1", "1 if connected to the control plane");
        Gauge(meter, "tailscale.device.created", "s", "When the device was added (Unix s)");
        Gauge(meter, "tailscale.device.last_seen", "s", "Last seen (Unix s)");
        Gauge(meter, "tailscale.device.key.expiry", "s", "Node key expiry (Unix s)");
        Gauge(meter, "tailscale.device.key_expiry_disabled", "1", "1 if the node key never expires");
        Gauge(meter, "tailscale.device.update_available", "1", "1 if a client update is available");
        Gauge(meter, "tailscale.device.blocks_incoming_connections", "1", "1 if the device refuses incoming connections");
        Gauge(meter, "tailscale.device.multiple_connections", "1", "1 if its identity is connected more than once");
        Gauge(meter, "tailscale.device.ssh_enabled", "1", "1 if Tailscale SSH is on");
        Gauge(meter, "tailscale.device.posture_identity.disabled", "1", "1 if posture identity is disabled");
        Gauge(meter, "tailscale.device.distro", "1", "Linux distribution, always 1");
        Gauge(meter, "tailscale.device.exit_node", "1", "1 for each device that advertises a default route");
        if (_options.CollectRoutes)
        {
            Gauge(meter, "tailscale.device.routes.advertised", "{route}", "Routes advertised");
            Gauge(meter, "tailscale.device.routes.enabled", "{route}", "Routes approved");
        }

        if (!_options.CollectConnectivity)
            return;

        Gauge(meter, "tailscale.device.connectivity.udp", "1", "1 if UDP works on the current network");
        Gauge(meter, "tailscale.device.connectivity.ipv6", "1", "1 if the OS supports IPv6");
        Gauge(meter, "tailscale.device.connectivity.hard_nat", "1", "1 if the NAT's mapping varies by destination");
        Gauge(meter, "tailscale.device.connectivity.direct_capable", "1", "1 if UDP works and the NAT is not hard");
        Gauge(meter, "tailscale.device.connectivity.endpoints", "1", "Addresses that the device offers for direct paths");
        Gauge(meter, "tailscale.device.derp.latency", "s", "Latency to a DERP region");
    }

    void RegisterReleases(Meter meter)
    {
        _hasRelease = _latest is not null;
        if (!_hasRelease)
            return;

        Gauge(meter, "tailscale.devices.outdated", "1", "Devices that are too many minor releases behind the latest stable one");
        Gauge(meter, "tailscale.fleet.latest_version", "1", "Latest stable release of the client, always 1");
        if (_cardinality.PerEntity.Device)
            Gauge(meter, "tailscale.device.version_skew", "1", "Minor releases behind the latest stable one");
    }

    void RegisterPosture(Meter meter)
    {
        Gauge(meter, "tailscale.device.posture", "1", "What the client says of itself, always 1");
        Gauge(meter, "tailscale.device.attribute", "1", "Posture attribute that is a number, or 1 or 0 for yes or no");
        Gauge(meter, "tailscale.device.attribute.info", "1", "Posture attribute that is a text, always 1");
        Gauge(meter, "tailscale.device.attribute.expiry", "s", "When the posture attribute expires (Unix s)");
    }

    void RegisterInvites(Meter meter)
    {
        Gauge(meter, "tailscale.device_invites.count", "1", "Invitations to share a device");
        Gauge(meter, "tailscale.device_invites.by_pending_age", "1", "Invitations that are not accepted, by time since they were made");
    }

    /// <summary>With room for twice as many as there are, so that a tailnet may grow.</summary>
    void Gauge(Meter meter, string name, string unit, string description)
    {
        var room = Math.Min(Math.Max(2 * Needed(name), LeastRoom), _limit);
        _rooms = new Dictionary<string, int>(_rooms, StringComparer.Ordinal) { [name] = room };
        meter.CreateObservableGauge(name, () => Observe(name), unit, description, SeriesBound.Of(room));
    }

    IEnumerable<Measurement<double>> Observe(string gauge) =>
        _series.Values.SelectMany(s => s.Of(gauge)).Take(_limit).Select(p => new Measurement<double>(p.Value, p.Attributes));

    IEnumerable<Measurement<long>> LeftOut()
    {
        foreach (var gauge in _rooms.Keys)
        {
            var over = _series.Values.Sum(s => (long)s.Of(gauge).Count) - _limit;
            if (over > 0)
                yield return new(over, new KeyValuePair<string, object?>("metric.name", gauge));
        }
    }
}
