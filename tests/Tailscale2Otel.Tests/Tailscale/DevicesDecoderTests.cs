using System.Text.Json;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class DevicesDecoderTests
{
    const string Full = """
        {"devices":[{
          "addresses":["100.64.10.1","fd7a:115c:a1e0::a01/128"],"id":"92960230385","nodeId":"nWEB1aaCNTRL","user":"ada@example.com",
          "name":"web-1.tail-example.ts.net.","hostname":"web-1","clientVersion":"1.92.0-t1","updateAvailable":true,"os":"linux",
          "created":"2025-01-02T03:04:05Z","lastSeen":"2026-07-27T12:00:00Z","connectedToControl":true,"keyExpiryDisabled":false,
          "expires":"0001-01-01T00:00:00Z","authorized":true,"isExternal":false,"multipleConnections":true,"isEphemeral":false,
          "blocksIncomingConnections":false,"enabledRoutes":["10.0.0.0/8"],"advertisedRoutes":["10.0.0.0/8","0.0.0.0/0"],
          "clientConnectivity":{"endpoints":["192.0.2.1:41641","198.51.100.2:41641"],"mappingVariesByDestIP":false,
            "latency":{"Frankfurt":{"latencyMs":12.5,"preferred":true},"New York City":{"latencyMs":"90"},"Nowhere":{}},
            "clientSupports":{"hairPinning":null,"ipv6":false,"pcp":false,"pmp":false,"udp":true,"upnp":false}},
          "tags":["tag:prod","tag:web"],"tailnetLockError":"","sshEnabled":true,"postureIdentity":{"serialNumbers":["X1"],"disabled":false},
          "distro":{"name":"debian","version":"13","codeName":"trixie"},"unknown":{"deep":[1]}}]}
        """;

    [Test]
    public void A_device_is_read_whole()
    {
        var device = Devices(Full, out _)!.Single();

        Assert.Multiple(() =>
        {
            Assert.That((device.NodeId, device.Id, device.Name, device.Hostname), Is.EqualTo(("nWEB1aaCNTRL", "92960230385", "web-1.tail-example.ts.net", "web-1")));
            Assert.That(device.Addresses, Is.EqualTo(new[] { "100.64.10.1", "fd7a:115c:a1e0::a01" }));
            Assert.That((device.User, device.Os, device.ClientVersion), Is.EqualTo(("ada@example.com", "linux", "1.92.0-t1")));
            Assert.That(device.Tags, Is.EqualTo(new[] { "tag:prod", "tag:web" }));
            Assert.That(device.Created, Is.EqualTo(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero)));
            Assert.That(device.LastSeen, Is.Not.Null);
            Assert.That(device.Expires, Is.Null);
            Assert.That((device.ConnectedToControl, device.Authorized, device.IsExternal, device.IsEphemeral), Is.EqualTo(((bool?)true, true, false, (bool?)false)));
            Assert.That((device.KeyExpiryDisabled, device.UpdateAvailable, device.BlocksIncomingConnections), Is.EqualTo(((bool?)false, (bool?)true, (bool?)false)));
            Assert.That((device.MultipleConnections, device.SshEnabled, device.PostureIdentityDisabled), Is.EqualTo(((bool?)true, (bool?)true, (bool?)false)));
            Assert.That(device.AdvertisedRoutes, Has.Count.EqualTo(2));
            Assert.That(device.EnabledRoutes, Is.EqualTo(new[] { "10.0.0.0/8" }));
            Assert.That(device.Connectivity!.Endpoints, Is.EqualTo(2));
            Assert.That(device.Connectivity.MappingVariesByDestIp, Is.False);
            Assert.That(device.Connectivity.Latencies, Is.EqualTo(new[] { new DerpLatency("Frankfurt", 12.5, true), new DerpLatency("New York City", 90, false) }));
            Assert.That(device.Connectivity.Supports.Keys, Is.EquivalentTo(new[] { "ipv6", "pcp", "pmp", "udp", "upnp" }));
            Assert.That(device.Connectivity.Supports["udp"], Is.True);
            Assert.That(device.Distro, Is.EqualTo(new DeviceDistro("debian", "13", "trixie")));
        });
    }

    [Test]
    public void What_the_api_left_out_is_absent()
    {
        var device = Devices("""{"devices":[{"id":7,"tags":null,"clientConnectivity":null,"distro":{},"authorized":null}]}""", out _)!.Single();

        Assert.Multiple(() =>
        {
            Assert.That((device.NodeId, device.Id), Is.EqualTo(("7", "7")), "a number is a text, and the older ID stands in");
            Assert.That(device.Tags, Is.Empty);
            Assert.That((device.Connectivity, device.Distro, device.Created, device.ConnectedToControl), Is.EqualTo((default(DeviceConnectivity), default(DeviceDistro), default(DateTimeOffset?), default(bool?))));
            Assert.That(device.Authorized, Is.False);
        });
    }

    [Test]
    public void A_broken_entry_does_not_lose_the_others()
    {
        var devices = Devices("""{"devices":[null,1,"x",{},{"nodeId":""},{"nodeId":"\ud800","id":""},{"nodeId":"n1","name":{"a":1},"addresses":"100.64.0.1","lastSeen":[]},{"nodeId":"n2"}]}""", out var skipped);

        Assert.That(devices!.Select(d => d.NodeId), Is.EqualTo(new[] { "n1", "n2" }));
        Assert.That(skipped, Is.EqualTo(6));
    }

    [TestCase("""{"devices":[]}""")]
    [TestCase("""{"devices":null}""")]
    public void A_tailnet_may_have_no_device(string json) => Assert.That(Devices(json, out _), Is.Empty);

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{"devices":{}}""")]
    [TestCase("""{"message":"try later"}""")]
    public void What_is_no_list_is_not_taken_for_an_empty_one(string json) => Assert.That(Devices(json, out _), Is.Null);

    [Test]
    public void Posture_attributes_keep_their_kind()
    {
        var posture = DevicesDecoder.Posture(Parse("""{"attributes":{"node:os":"linux","custom:level":3,"node:tsAutoUpdate":true,"x":null,"y":[1]},"expiries":{"custom:level":"2026-08-01T00:00:00Z","z":""}}"""))!;

        Assert.That(posture.Attributes, Is.EqualTo(new[]
        {
            new PostureAttribute("node:os", "linux", null, null, null),
            new PostureAttribute("custom:level", null, 3, null, new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero)),
            new PostureAttribute("node:tsAutoUpdate", null, null, true, null),
        }));
        Assert.That(DevicesDecoder.Posture(Parse("{}"))!.Attributes, Is.Empty);
        Assert.That(DevicesDecoder.Posture(Parse("[]")), Is.Null);
    }

    [Test]
    public void An_invite_is_read_without_its_link()
    {
        var invites = DevicesDecoder.Invites(
            Parse("""[{"id":"12346","created":"2026-05-08T20:29:40Z","tailnetId":59954,"deviceId":11055,"multiUse":true,"allowExitNode":true,"email":"ada@example.com","lastEmailSentAt":"","inviteUrl":"https://login.tailscale.com/admin/invite/hunter2","accepted":true,"acceptedBy":{"id":1,"loginName":"bob@example.com"}},{"created":""}]"""),
            out var skipped)!;

        Assert.That(invites.Single(), Is.EqualTo(new DeviceInvite
        {
            Id = "12346",
            Created = new DateTimeOffset(2026, 5, 8, 20, 29, 40, TimeSpan.Zero),
            MultiUse = true,
            AllowExitNode = true,
            Accepted = true,
            Email = "ada@example.com",
            AcceptedBy = "bob@example.com",
        }));
        Assert.That(skipped, Is.EqualTo(1));
        Assert.That(DevicesDecoder.Invites(Parse("null"), out _), Is.Empty);
        Assert.That(DevicesDecoder.Invites(Parse("{}"), out _), Is.Null);
    }

    [Test]
    public void Damaged_lists_are_read_or_are_none()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Full);
        var read = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            try
            {
                using var document = JsonDocument.Parse(Support.Mutations.Of(bytes, seed));
                read += DevicesDecoder.Devices(document.RootElement, out _) is null ? 0 : 1;
            }
            catch (JsonException)
            {
                // Not JSON any more: nothing for the decoder.
            }
        }

        Assert.That(read, Is.GreaterThan(50), "else this would say little");
    }

    static IReadOnlyList<Device>? Devices(string json, out int skipped) => DevicesDecoder.Devices(Parse(json), out skipped);

    static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
