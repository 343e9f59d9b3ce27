using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Enrichment;

sealed class DeviceNamesTests
{
    [TestCase("web-1.tail1234.ts.net", "WEB", "web-1")]
    [TestCase("web-1", "WEB", "web-1")]
    [TestCase(".ts.net", "WEB", ".ts.net")]
    [TestCase("", "WEB", "WEB")]
    [TestCase("", "", "n1")]
    public void A_device_is_called_by_what_there_is(string name, string hostname, string expected) =>
        Assert.That(Names(new Device { NodeId = "n1", Name = name, Hostname = hostname }), Is.EqualTo(new[] { expected }));

    [Test]
    public void A_shared_device_does_not_get_the_name_of_an_own_one_wherever_it_stands_in_the_list()
    {
        var own = new Device { NodeId = "n1", Name = "db.tail1234.ts.net" };
        var shared = new Device { NodeId = "n2", Name = "DB.other.ts.net", IsExternal = true };

        Assert.That(Names(own, shared), Is.EqualTo(new[] { "db", "DB.other.ts.net" }));
        Assert.That(Names(shared, own), Is.EqualTo(new[] { "DB.other.ts.net", "db" }));
    }

    [Test]
    public void Two_shared_devices_of_one_label_both_get_their_full_names() => Assert.That(
        Names(
            new Device { NodeId = "n1", Name = "db.one.ts.net", IsExternal = true },
            new Device { NodeId = "n2", Name = "db.two.ts.net", IsExternal = true },
            new Device { NodeId = "n3", Name = "web.two.ts.net", IsExternal = true }),
        Is.EqualTo(new[] { "db.one.ts.net", "db.two.ts.net", "web" }));

    [Test]
    public void Two_machines_that_only_have_the_same_name_of_their_own_are_told_apart_by_id() => Assert.That(
        Names(new Device { NodeId = "n1", Hostname = "localhost" }, new Device { NodeId = "n2", Hostname = "localhost" }),
        Is.EqualTo(new[] { "n1", "n2" }));

    [TestCase("external")]
    [TestCase("Unknown")]
    public void A_device_is_not_called_what_stands_for_no_device(string label) =>
        Assert.That(Names(new Device { NodeId = "n1", Name = $"{label}.tail1234.ts.net" }), Is.EqualTo(new[] { $"{label}.tail1234.ts.net" }));

    [TestCase("unverified:web-1")]
    [TestCase("__other__")]
    public void A_machine_cannot_call_itself_what_only_the_daemon_says(string hostname) =>
        Assert.That(Names(new Device { NodeId = "n1", Hostname = hostname }), Is.EqualTo(new[] { "n1" }));

    [Test]
    public void A_name_that_no_dns_could_hold_is_cut() =>
        Assert.That(Names(new Device { NodeId = "n1", Hostname = new string('x', 254) + "😀" })[0], Is.EqualTo(new string('x', 254)));

    [Test]
    public void No_two_of_many_devices_have_the_same_name() =>
        Assert.That(DeviceNames.Of([.. SomeDevices.Many(500).Devices, .. SomeDevices.Many(500, "other.ts.net").Devices.Select(d => d with { NodeId = $"x{d.NodeId}", IsExternal = true })]), Is.Unique);

    [Test]
    public void A_list_in_another_order_is_the_same_list()
    {
        Device[] devices = [new() { NodeId = "n2" }, new() { NodeId = "n1", IsExternal = true }, new() { NodeId = "n3" }, new() { NodeId = "n2", IsExternal = true }];
        var distinct = DeviceNames.Distinct(devices);

        Assert.That(distinct.Select(d => $"{d.NodeId} {d.IsExternal}"), Is.EqualTo(new[] { "n2 False", "n3 False", "n1 True" }));
        Assert.That(DeviceNames.Distinct([.. Enumerable.Reverse(devices)]), Is.EqualTo(distinct));
    }

    static string[] Names(params Device[] devices) => DeviceNames.Of(devices);
}
