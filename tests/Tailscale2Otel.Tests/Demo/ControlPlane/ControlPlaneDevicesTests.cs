using System.Text.Json;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class ControlPlaneDevicesTests
{
    const string Path = "/api/v2/tailnet/-/devices";

    static readonly string[] DefaultMembers =
    [
        "addresses", "id", "nodeId", "user", "name", "hostname", "clientVersion", "updateAvailable", "os", "created", "connectedToControl", "lastSeen", "keyExpiryDisabled",
        "expires", "authorized", "isExternal", "multipleConnections", "isEphemeral", "machineKey", "nodeKey", "blocksIncomingConnections", "tailnetLockError", "tailnetLockKey",
    ];

    static readonly string[] MoreMembers = ["enabledRoutes", "advertisedRoutes", "clientConnectivity", "sshEnabled", "postureIdentity"];

    readonly SimulatedNode[] _nodes = ControlPlaneHost.Tailnet().Nodes;

    [Test]
    public async Task All_fields_are_more_than_the_default_ones()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = _nodes });
        var some = await ListAsync(host, "");
        var all = await ListAsync(host, "?fields=all");

        Assert.That(some, Has.Length.EqualTo(_nodes.Length));
        Assert.Multiple(() =>
        {
            foreach (var (device, node) in some.Zip(_nodes))
                Assert.That(Names(device), Is.EquivalentTo(node.Tags.Length > 0 ? DefaultMembers.Append("tags") : DefaultMembers));
            foreach (var (device, less) in all.Zip(some))
                Assert.That(Names(device).Except(Names(less)).Except(["distro"]), Is.EqualTo(MoreMembers));
        });
        Assert.That((await host.GetAsync(Path + "?fields=some")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_device_is_the_node_that_the_records_speak_of()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = _nodes });
        var devices = await ListAsync(host, "?fields=all");

        foreach (var (device, node) in devices.Zip(_nodes))
        {
            Assert.That(device.GetProperty("nodeId").GetString(), Is.EqualTo(node.Id));
            Assert.That(device.GetProperty("name").GetString(), Is.EqualTo(node.Name));
            Assert.That(device.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()), Is.EqualTo(new[] { node.IPv4.ToString(), node.IPv6.ToString() }));
            var latencies = device.GetProperty("clientConnectivity").GetProperty("latency").EnumerateObject().ToArray();
            Assert.That(latencies.Count(l => l.Value.TryGetProperty("preferred", out var preferred) && preferred.GetBoolean()), Is.EqualTo(1));
            Assert.That(latencies.All(l => l.Value.GetProperty("latencyMs").GetDouble() > 0));
            Assert.That(device.GetProperty("keyExpiryDisabled").GetBoolean(), Is.EqualTo(node.Tags.Length > 0));
        }

        Assert.That(devices.Select(d => d.GetProperty("id").GetString()), Is.Unique);
        Assert.That(devices[0].GetProperty("enabledRoutes")[0].GetString(), Is.EqualTo("192.168.40.0/24"));
        Assert.That(devices[1].GetProperty("enabledRoutes").GetArrayLength(), Is.EqualTo(2));
        var again = (await host.GetAsync(Path)).Body;
        Assert.That((await host.GetAsync(Path)).Body, Is.EqualTo(again), "the same time gives the same answer");
    }

    [Test]
    public async Task Devices_come_go_and_change()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = _nodes[..2] });
        host.Server.Devices.Add(_nodes[2]);
        Assert.That(host.Server.Devices.Remove(_nodes[0].Id));
        Assert.That(host.Server.Devices.Remove(_nodes[0].Id), Is.False);
        host.Server.Devices.Set(new SimulatedDevice(_nodes[1]) { IsOnline = false, Silence = TimeSpan.FromHours(1), TailnetLockError = "not signed", IsExternal = true });

        var devices = await ListAsync(host, "");

        Assert.That(devices.Select(d => d.GetProperty("nodeId").GetString()), Is.EqualTo(new[] { _nodes[1].Id, _nodes[2].Id }));
        Assert.That(devices[0].GetProperty("connectedToControl").GetBoolean(), Is.False);
        Assert.That(devices[0].GetProperty("lastSeen").GetString(), Is.EqualTo("2026-07-27T11:01:00Z"));
        Assert.That(devices[0].GetProperty("tailnetLockError").GetString(), Is.EqualTo("not signed"));
        Assert.That(devices[0].GetProperty("created").GetString(), Is.Empty, "the API knows less of a shared device");
    }

    [Test]
    public async Task A_device_has_attributes_and_invites_by_either_id()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = _nodes });

        foreach (var device in host.Server.Devices.All)
        {
            var attributes = await host.GetAsync($"/api/v2/device/{device.Node.Id}/attributes");
            Assert.That(attributes.Json.GetProperty("attributes").GetProperty("node:os").GetString(), Is.EqualTo(device.Node.Os));
            Assert.That((await host.GetAsync($"/api/v2/device/{device.Id}/attributes")).Body, Is.EqualTo(attributes.Body));
            var invites = await host.GetAsync($"/api/v2/device/{device.Id}/device-invites");
            Assert.That(invites.Json.EnumerateArray().Select(i => i.GetProperty("deviceId").GetString()), Is.All.EqualTo(device.Id));
        }

        Assert.That((await host.GetAsync("/api/v2/device/nobody/attributes")).Status, Is.EqualTo(404));
        Assert.That((await host.GetAsync("/api/v2/device/nobody/device-invites")).Status, Is.EqualTo(404));
    }

    static async Task<JsonElement[]> ListAsync(ControlPlaneHost host, string query) =>
        [.. (await host.GetAsync(Path + query)).Json.GetProperty("devices").EnumerateArray()];

    static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(m => m.Name);
}
