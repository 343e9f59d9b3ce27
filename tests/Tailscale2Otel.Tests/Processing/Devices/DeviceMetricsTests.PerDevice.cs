using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Devices;

/// <content>What the API was asked about each device, and the newest release.</content>
sealed partial class DeviceMetricsTests
{
    static readonly PostureFacts Facts = new(
    [
        new PostureAttribute("custom:score", null, 7.5, null, SomeDevices.Now.AddDays(7)), new PostureAttribute("intune:ok", null, null, true, null), new PostureAttribute("ip:country", "DE", null, null, null),
    ])
    {
        Os = "linux",
        ClientVersion = "1.96.2",
        AutoUpdate = true,
    };

    static Dictionary<string, PostureFacts> PostureOf(params string[] nodeIds) => nodeIds.ToDictionary(id => id, _ => Facts);

    [Test]
    public void Says_what_is_known_of_a_devices_posture()
    {
        Create().Replace(SomeDevices.List(Web), PostureOf("n1"));
        const string host = "host.id=id-n1 host.name=web-1";

        Assert.That(Observed("tailscale.device."), Is.EquivalentTo(new[]
        {
            $"posture auto_update=True {host} os=linux ts_version=1.96.2: 1",
            $"attribute attribute=custom:score {host}: 7.5",
            $"attribute attribute=intune:ok {host}: 1",
            $"attribute.info attribute=ip:country {host} value=DE: 1",
            $"attribute.expiry attribute=custom:score {host}: {SomeDevices.Now.AddDays(7).ToUnixTimeSeconds()}",
        }));
    }

    [Test]
    public void A_device_that_is_not_in_the_list_has_no_posture()
    {
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web, Phone), PostureOf("n1", "n2", "n3"));
        Assert.That(Observed("tailscale.device.posture").Count(), Is.EqualTo(2));

        metrics.Replace(SomeDevices.List(Phone), PostureOf("n1", "n2"));
        Assert.That(Observed("tailscale.device.posture").Single(), Does.Contain("host.name=phone"));

        metrics.Replace(SomeDevices.List(Phone), PostureOf());
        Assert.That(Observed("tailscale.device."), Is.Empty);
    }

    [Test]
    public void A_posture_of_which_nothing_is_known_is_no_series()
    {
        Create().Replace(SomeDevices.List(Web), new Dictionary<string, PostureFacts> { ["n1"] = new([]) });

        Assert.That(Observed("tailscale.device."), Is.Empty);
    }

    [Test]
    public void Posture_is_bounded_as_the_other_gauges_are()
    {
        _cardinality.MetricLimit = 10;
        var devices = SomeDevices.Many(25);
        Create().Replace(devices, PostureOf([.. devices.Devices.Select(d => d.NodeId)]));

        Assert.That(Observed("tailscale.device.attribute.info").Count(), Is.EqualTo(10));
        Assert.That(Observed("tailscale2otel.devices.series_left_out"), Does.Contain(" metric.name=tailscale.device.attribute: 40"));
    }

    [Test]
    public void Attributes_whose_names_must_not_leave_are_not_taken_for_one_another()
    {
        new DeviceMetrics(_meter, _options, _cardinality, new Redactor(new PiiFilterOptions { FreeTextDetails = false })).Replace(SomeDevices.List(Web), PostureOf("n1"));

        Assert.That(Observed("tailscale.device.").Single(), Does.StartWith("posture "));
    }

    [Test]
    public void Counts_invites_of_the_devices_in_the_list()
    {
        InviteFacts pending = new(false, false, false, true, SomeDevices.Now.AddDays(-3));
        InviteFacts accepted = new(true, true, true, false, SomeDevices.Now.AddDays(-300));
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web, Phone), new Dictionary<string, IReadOnlyList<InviteFacts>> { ["n1"] = [pending, pending with { Created = SomeDevices.Now }], ["n2"] = [accepted, pending], ["gone"] = [pending] });

        Assert.That(Observed("tailscale.device_invites."), Is.EquivalentTo(new[]
        {
            "count tailscale.device_invite.accepted=False tailscale.device_invite.allow_exit_node=False tailscale.device_invite.delivery=emailed tailscale.device_invite.multi_use=False: 3",
            "count tailscale.device_invite.accepted=True tailscale.device_invite.allow_exit_node=True tailscale.device_invite.delivery=manual_link tailscale.device_invite.multi_use=True: 1",
            "by_pending_age tailscale.device_invite.age=7d: 2",
            "by_pending_age tailscale.device_invite.age=1d: 1",
        }));

        metrics.Replace(SomeDevices.List(Web), new Dictionary<string, IReadOnlyList<InviteFacts>>());
        Assert.That(Observed("tailscale.device_invites."), Is.Empty);
    }

    [Test]
    public void Each_part_leaves_the_others_alone()
    {
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web), PostureOf("n1"));
        metrics.Replace(SomeDevices.List(Web));
        metrics.Replace(SomeDevices.List(Web), new Dictionary<string, IReadOnlyList<InviteFacts>> { ["n1"] = [new(false, false, false, true, null)] });

        var names = _measurements.Observe().Select(m => m.Name).ToHashSet();
        Assert.That(names, Is.SupersetOf(new[] { "tailscale.device.posture", "tailscale.device.online", "tailscale.device_invites.count" }));
    }

    [Test]
    public void Compares_clients_with_the_latest_release_once_it_is_known()
    {
        var old = SomeDevices.Device("n3") with { ClientVersion = "1.94.1-t1-g2" };
        var metrics = Create();
        metrics.Replace(SomeDevices.List(Web, Phone, old));
        Assert.That(Observed("tailscale.device.version_skew").Concat(Observed("tailscale.devices.outdated")), Is.Empty);

        Assert.That(metrics.TryTakeLatest("soon"), Is.False);
        Assert.That(metrics.TryTakeLatest("1.98.4"), Is.True);
        metrics.Replace(SomeDevices.List(Web, Phone, old));

        Assert.That(Observed("tailscale.device.version_skew").Select(s => s.Split(": ")[^1]), Is.EquivalentTo(new[] { "0", "4" }), "the phone does not say what it runs");
        Assert.That(Observed("tailscale.devices.outdated"), Is.EqualTo(new[] { " : 1" }));
        Assert.That(Observed("tailscale.fleet."), Is.EqualTo(new[] { "latest_version tailscale.client_version=1.98.4: 1" }));
    }

    [Test]
    public void The_threshold_says_what_is_outdated()
    {
        var metrics = new DeviceMetrics(_meter, _options, _cardinality) { OutdatedThreshold = 5 };
        metrics.TryTakeLatest("1.98.4");
        metrics.Replace(SomeDevices.List(SomeDevices.Device("n3") with { ClientVersion = "1.94.1" }, SomeDevices.Device("n4") with { ClientVersion = "1.92.5" }));

        Assert.That(Observed("tailscale.devices.outdated"), Is.EqualTo(new[] { " : 1" }));
    }
}
