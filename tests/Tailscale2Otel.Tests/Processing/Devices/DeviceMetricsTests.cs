using System.Diagnostics.Metrics;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Devices;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed partial class DeviceMetricsTests : IDisposable
{
    static readonly Device Web = SomeDevices.Device("n1", "web-1.ts.net") with
    {
        User = "",
        Tags = ["tag:web", "tag:prod"],
        Created = SomeDevices.Now.AddDays(-20),
        LastSeen = SomeDevices.Now.AddSeconds(-1.5),
        Expires = SomeDevices.Now.AddDays(10),
        ConnectedToControl = true,
        KeyExpiryDisabled = false,
        SshEnabled = true,
        AdvertisedRoutes = ["10.0.0.0/24", "10.0.1.0/24", "0.0.0.0/0", "::/0"],
        EnabledRoutes = ["10.0.0.0/24"],
        Distro = new DeviceDistro("Debian", "13", ""),
        Connectivity = new DeviceConnectivity(
            3, false, [new DerpLatency("Frankfurt", 12.5, true), new DerpLatency("New York City", 90, false)],
            new Dictionary<string, bool> { ["udp"] = true, ["ipv6"] = false }),
    };

    static readonly Device Phone = SomeDevices.Device("n2", "phone.ts.net") with
    {
        Os = "iOS",
        KeyExpiryDisabled = true,
        IsEphemeral = true,
        ClientVersion = "",
        TailnetLockError = "unsigned",
        Expires = SomeDevices.Now.AddDays(10),
        AdvertisedRoutes = ["10.0.0.0/24"],
        Connectivity = new DeviceConnectivity(1, true, [new DerpLatency("Frankfurt", 30, false)], new Dictionary<string, bool> { ["udp"] = true }),
    };

    readonly Meter _meter = new("test");
    readonly CollectedMeasurements _measurements;
    readonly DeviceMetricsOptions _options = new();
    readonly CardinalityOptions _cardinality = new();

    public DeviceMetricsTests() => _measurements = new CollectedMeasurements(_meter);

    public void Dispose()
    {
        _measurements.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Says_of_each_device_what_the_list_knows_and_nothing_of_what_it_does_not()
    {
        _options.CollectRoutes = true;
        Create().Replace(SomeDevices.List(Web));
        const string all = "host.id=id-n1 host.name=web-1 os.type=linux os.version=13 tailscale.tags=tag:prod,tag:web";
        const string host = "host.id=id-n1 host.name=web-1";

        Assert.That(Observed("tailscale.device."), Is.EquivalentTo(new[]
        {
            $"online {all}: 1",
            $"created {all}: {SomeDevices.Now.AddDays(-20).ToUnixTimeSeconds()}",
            $"last_seen {all}: {SomeDevices.Now.ToUnixTimeSeconds() - 1.5}",
            $"key.expiry {all}: {SomeDevices.Now.AddDays(10).ToUnixTimeSeconds()}",
            $"key_expiry_disabled {all}: 0",
            $"ssh_enabled {all}: 1",
            $"distro {host} tailscale.distro.codename=unknown tailscale.distro.name=debian: 1",
            $"exit_node {host} tailscale.exit_node.enabled=False: 1",
            $"routes.advertised {host}: 4",
            $"routes.enabled {host}: 1",
            $"connectivity.udp {host}: 1",
            $"connectivity.ipv6 {host}: 0",
            $"connectivity.hard_nat {host}: 0",
            $"connectivity.direct_capable {host}: 1",
            $"connectivity.endpoints {host}: 3",
            $"derp.latency {host} tailscale.derp.preferred=True tailscale.derp.region=Frankfurt: 0.0125",
            $"derp.latency {host} tailscale.derp.preferred=False tailscale.derp.region=New York City: 0.09",
        }));
    }

    [Test]
    public void Says_the_rest_of_what_the_api_may_know()
    {
        Create().Replace(SomeDevices.List(SomeDevices.Device("n1") with
        {
            UpdateAvailable = true,
            BlocksIncomingConnections = false,
            MultipleConnections = true,
            PostureIdentityDisabled = true,
        }));
        const string all = "host.id=id-n1 host.name=n1 os.type=linux tailscale.user=ada@example.com";

        Assert.That(Observed("tailscale.device."), Is.EquivalentTo(new[]
        {
            $"update_available {all}: 1", $"blocks_incoming_connections {all}: 0", $"multiple_connections {all}: 1", $"posture_identity.disabled {all}: 1",
        }));
    }

    [Test]
    public void Adds_up_the_tailnet()
    {
        Create().Replace(SomeDevices.List(Web, Phone, SomeDevices.Device("n3", "shared.other.ts.net") with { IsExternal = true, Authorized = false }));

        Assert.That(Observed("tailscale.devices."), Is.EquivalentTo(new[]
        {
            "count os.type=linux tailscale.authorized=True tailscale.external=False: 1",
            "count os.type=iOS tailscale.authorized=True tailscale.external=False: 1",
            "count os.type=linux tailscale.authorized=False tailscale.external=True: 1",
            "by_version tailscale.client_version=1.98.2: 2",
            "by_version tailscale.client_version=unknown: 1",
            "by_distro tailscale.distro.codename=unknown tailscale.distro.name=debian: 1",
            "by_tag tailscale.tag=tag:prod: 1",
            "by_tag tailscale.tag=tag:web: 1",
            "by_age tailscale.device.age=30d: 1",
            "by_key_expiry tailscale.device.key_expires_in=30d: 1",
            "by_key_expiry tailscale.device.key_expires_in=never: 1",
            "ephemeral : 1",
            "key_expiry_disabled : 1",
            "ssh_enabled : 1",
            "untagged : 1",
            "direct_capable : 1",
            "hard_nat : 1",
            "client_supports tailscale.connectivity.capability=udp: 2",
            "client_supports tailscale.connectivity.capability=ipv6: 0",
            "client_supports tailscale.connectivity.capability=pcp: 0",
            "client_supports tailscale.connectivity.capability=pmp: 0",
            "client_supports tailscale.connectivity.capability=upnp: 0",
        }));
        Assert.That(Observed("tailscale.tailnet_lock."), Is.EqualTo(new[] { "errors : 1" }));
        Assert.That(Observed("tailscale.exit_nodes."), Is.EquivalentTo(new[] { "count tailscale.exit_node.state=advertised: 1", "count tailscale.exit_node.state=enabled: 0" }));
        Assert.That(Observed("tailscale.subnet_routes."), Is.EquivalentTo(new[]
        {
            "advertised : 2", "enabled : 1", "unapproved : 1", "routers tailscale.route.cidr=10.0.0.0/24: 2", "routers tailscale.route.cidr=10.0.1.0/24: 1",
        }));
        Assert.That(Observed("tailscale.derp.region."), Is.EquivalentTo(new[]
        {
            "devices tailscale.derp.region=Frankfurt: 2", "latency_min tailscale.derp.region=Frankfurt: 0.0125", "preferred tailscale.derp.region=Frankfurt: 1",
            "devices tailscale.derp.region=New York City: 1", "latency_min tailscale.derp.region=New York City: 0.09", "preferred tailscale.derp.region=New York City: 0",
        }));
    }

    [TestCase(0, "1d")]
    [TestCase(7, "7d")]
    [TestCase(364, "1y")]
    [TestCase(800, "more")]
    public void Sorts_ages_and_expiries_into_spans_of_now_and_not_of_ever(int days, string span)
    {
        var device = SomeDevices.Device("n1") with { Created = SomeDevices.Now.AddDays(-days), Expires = SomeDevices.Now.AddDays(days) };
        var metrics = Create();
        metrics.Replace(SomeDevices.List(device));
        metrics.Replace(SomeDevices.List(device));

        Assert.That(Observed("tailscale.devices.by_age"), Is.EqualTo(new[] { $" tailscale.device.age={span}: 1" }));
        Assert.That(Observed("tailscale.devices.by_key_expiry"), Is.EqualTo(new[] { $" tailscale.device.key_expires_in={(days == 0 ? "expired" : span)}: 1" }));
    }

    [Test]
    public void A_device_that_is_gone_has_no_series()
    {
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web, Phone));
        Assert.That(Hosts(), Is.EquivalentTo(new[] { "web-1", "phone" }));
        metrics.Replace(SomeDevices.List(Phone));
        Assert.That(Hosts(), Is.EqualTo(new[] { "phone" }));
        metrics.Replace(SomeDevices.List());

        Assert.That(Hosts(), Is.Empty);
        Assert.That(Observed("tailscale.devices.count"), Is.Empty);
        Assert.That(Observed("tailscale.devices.untagged"), Is.EqualTo(new[] { " : 0" }));
    }

    [Test]
    public void Nothing_is_said_before_the_first_list()
    {
        _ = Create();

        Assert.That(_measurements.Observe(), Is.Empty);
    }

    [Test]
    public void Tailnets_do_not_replace_each_other()
    {
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web) with { Tailnet = "one.example" });
        metrics.Replace(SomeDevices.List(Phone, Web) with { Tailnet = "two.example" });

        Assert.That(Observed("tailscale.devices.ssh_enabled"), Is.EquivalentTo(new[] { " tailscale.tailnet=one.example: 1", " tailscale.tailnet=two.example: 1" }));
        Assert.That(Observed("tailscale.device.connectivity.udp").Count(), Is.EqualTo(3));
    }

    [Test]
    public void Each_switch_turns_its_gauges_off()
    {
        (_options.CollectConnectivity, _options.CollectTagRollup) = (false, false);
        (_cardinality.SubnetRouteRollup, _cardinality.DerpRegionRollup, _cardinality.PerEntity.Device) = (false, false, false);
        Create().Replace(SomeDevices.List(Web));

        Assert.That(_measurements.Observe().Select(m => m.Name).Distinct(), Is.EquivalentTo(new[]
        {
            "tailscale.devices.count", "tailscale.devices.by_version", "tailscale.devices.by_distro", "tailscale.devices.by_age", "tailscale.devices.by_key_expiry",
            "tailscale.devices.ephemeral", "tailscale.devices.key_expiry_disabled", "tailscale.devices.ssh_enabled", "tailscale.devices.untagged",
            "tailscale.tailnet_lock.errors", "tailscale.exit_nodes.count", "tailscale.subnet_routes.advertised", "tailscale.subnet_routes.enabled", "tailscale.subnet_routes.unapproved",
        }));
    }

    [TestCase(1, "tailscale.tag=tag:b: 3|tailscale.tag=__other__: 3")]
    [TestCase(3, "tailscale.tag=tag:b: 3|tailscale.tag=tag:a: 2|tailscale.tag=tag:c: 1")]
    [TestCase(0, "tailscale.tag=tag:b: 3|tailscale.tag=tag:a: 2|tailscale.tag=tag:c: 1")]
    public void Sums_the_tags_beyond_the_limit(int limit, string expected)
    {
        _options.TagRollupLimit = limit;
        Create().Replace(SomeDevices.List(
            SomeDevices.Device("n1") with { Tags = ["tag:a", "tag:b"] },
            SomeDevices.Device("n2") with { Tags = ["tag:b", "tag:a", "tag:a"] },
            SomeDevices.Device("n3") with { Tags = ["tag:c", "tag:b"] }));

        Assert.That(string.Join('|', Observed("tailscale.devices.by_tag").Select(t => t.Trim())), Is.EqualTo(expected));
    }

    [Test]
    public void Sums_the_distributions_beyond_fifty()
    {
        Create().Replace(SomeDevices.List([.. Enumerable.Range(0, 60).Select(i => SomeDevices.Device($"n{i}") with { Distro = new DeviceDistro($"d{i}", "1", "x") })]));

        Assert.That(Observed("tailscale.devices.by_distro").Count(), Is.EqualTo(51));
        Assert.That(Observed("tailscale.devices.by_distro").Last(), Is.EqualTo(" tailscale.distro.codename=__other__ tailscale.distro.name=__other__: 10"));
    }

    [Test]
    public void Reports_the_same_series_up_to_the_limit_and_how_many_it_leaves_out()
    {
        _cardinality.MetricLimit = 10;
        var metrics = Create();
        var devices = Enumerable.Range(100, 25).Select(i => SomeDevices.Device($"n{i}") with { ConnectedToControl = true }).ToArray();
        metrics.Replace(SomeDevices.List(devices));
        var first = Observed("tailscale.device.online").ToList();
        Array.Reverse(devices);
        metrics.Replace(SomeDevices.List(devices));

        Assert.That(first, Has.Count.EqualTo(10));
        Assert.That(Observed("tailscale.device.online"), Is.EqualTo(first));
        Assert.That(Observed("tailscale2otel.devices.series_left_out"), Is.EqualTo(new[] { " metric.name=tailscale.device.online: 15" }));
    }

    [Test]
    public void Reports_no_gauge_of_a_device_that_nothing_may_identify()
    {
        new DeviceMetrics(_meter, _options, _cardinality, new Redactor(new PiiFilterOptions { Hostnames = false, NodeIds = false })).Replace(SomeDevices.List(Web));

        Assert.That(Observed("tailscale.device."), Is.Empty);
        Assert.That(Observed("tailscale.devices.ssh_enabled"), Is.EqualTo(new[] { " : 1" }));
    }

    DeviceMetrics Create() => new(_meter, _options, _cardinality);

    IEnumerable<string> Observed(string prefix) =>
        _measurements.Observe().Where(m => m.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(m => FormattableString.Invariant($"{m.Name[prefix.Length..]} {m.Attributes}: {m.Value}"));

    IEnumerable<string> Hosts() =>
        _measurements.Observe().Where(m => m.Name == "tailscale.device.connectivity.udp").Select(m => m.Attributes.Split("host.name=")[1]);
}
