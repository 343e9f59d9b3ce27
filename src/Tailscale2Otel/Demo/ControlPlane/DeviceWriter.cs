using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Writes devices, their posture attributes and their invites as the API has them.</summary>
static class DeviceWriter
{
    /// <summary>A time that was never set, as Go writes it.</summary>
    const string NeverSet = "0001-01-01T00:00:00Z";

    /// <summary>Who added the tagged devices: the API names an owner for them too.</summary>
    const string Administrator = "ada@example.com";

    static readonly string[] DefaultRoutes = ["0.0.0.0/0", "::/0"];
    static readonly string[] OfficeRoutes = ["192.168.40.0/24"];

    static readonly Dictionary<int, string> DerpRegions = new()
    {
        [1] = "New York City",
        [2] = "San Francisco",
        [4] = "Frankfurt",
        [5] = "Sydney",
        [9] = "Dallas",
        [10] = "Seattle",
        [18] = "Paris",
    };

    /// <param name="all">Whether <c>fields=all</c> was asked for.</param>
    public static void Write(Utf8JsonWriter json, SimulatedDevice device, bool all, DateTimeOffset now)
    {
        var node = device.Node;
        json.WriteStartObject();
        WriteList(json, "addresses", node.IPv4.ToString(), node.IPv6.ToString());
        json.WriteString("id", device.Id);
        json.WriteString("nodeId", node.Id);
        json.WriteString("user", node.User?.Login ?? Administrator);
        json.WriteString("name", node.Name);
        json.WriteString("hostname", node.Name.Split('.')[0]);
        json.WriteString("clientVersion", device.IsExternal ? "" : device.ClientVersion);
        json.WriteBoolean("updateAvailable", !device.IsExternal && !device.ClientVersion.StartsWith("1.96", StringComparison.Ordinal));
        json.WriteString("os", node.Os);
        json.WriteString("created", device.IsExternal ? "" : Time(now - device.Age));
        json.WriteBoolean("connectedToControl", device.IsOnline);
        json.WriteString("lastSeen", Time(device.IsOnline ? now : now - device.Silence));
        json.WriteBoolean("keyExpiryDisabled", device.KeyLife is null);
        json.WriteString("expires", device.KeyLife is { } life ? Time(now + life) : NeverSet);
        json.WriteBoolean("authorized", device.IsAuthorized);
        json.WriteBoolean("isExternal", device.IsExternal);
        json.WriteBoolean("multipleConnections", device.Variant(11) == 0);
        json.WriteBoolean("isEphemeral", device.IsEphemeral);
        json.WriteString("machineKey", device.IsExternal ? "" : "mkey:" + Key(device, 1));
        json.WriteString("nodeKey", "nodekey:" + Key(device, 2));
        json.WriteBoolean("blocksIncomingConnections", device.Variant(9) == 0);
        if (node.Tags.Length > 0)
            WriteList(json, "tags", node.Tags);
        json.WriteString("tailnetLockError", device.TailnetLockError);
        json.WriteString("tailnetLockKey", "nlpub:" + Key(device, 3));
        if (all)
            WriteDetails(json, device);
        json.WriteEndObject();
    }

    /// <summary>What the API gives only when it is asked for all fields.</summary>
    static void WriteDetails(Utf8JsonWriter json, SimulatedDevice device)
    {
        var node = device.Node;
        var routes = node.Role switch
        {
            NodeRole.ExitNode => DefaultRoutes,
            NodeRole.SubnetRouter => OfficeRoutes,
            _ => [],
        };
        WriteList(json, "enabledRoutes", routes);
        WriteList(json, "advertisedRoutes", routes);
        WriteConnectivity(json, device);
        json.WriteBoolean("sshEnabled", node.Role == NodeRole.Server && device.Variant(2) == 0);
        json.WriteStartObject("postureIdentity");
        if (node.User is null)
            json.WriteBoolean("disabled", true);
        else
            WriteList(json, "serialNumbers", "SN" + Key(device, 4)[..10].ToUpperInvariant());
        json.WriteEndObject();
        if (node.Os != "linux")
            return;
        json.WriteStartObject("distro");
        var (name, version, codeName) = device.Variant(3) == 0 ? ("debian", "13", "trixie") : ("ubuntu", "24.04", "noble");
        json.WriteString("name", name);
        json.WriteString("version", version);
        json.WriteString("codeName", codeName);
        json.WriteEndObject();
    }

    static void WriteConnectivity(Utf8JsonWriter json, SimulatedDevice device)
    {
        json.WriteStartObject("clientConnectivity");
        WriteList(json, "endpoints", device.Node.Underlay.ToString(), $"192.168.1.{10 + device.Variant(200)}:41641");
        json.WriteBoolean("mappingVariesByDestIP", device.IsBehindHardNat);
        json.WriteStartObject("latency");
        foreach (var (region, name) in DerpRegions.Where(r => r.Key == device.Node.DerpRegion || r.Key % 2 == 0))
        {
            json.WriteStartObject(name);
            if (region == device.Node.DerpRegion)
                json.WriteBoolean("preferred", true);
            json.WriteNumber("latencyMs", region == device.Node.DerpRegion ? 7.9 + device.Variant(20) : 60.25 + (region * 3) + device.Variant(40));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("clientSupports");
        // Nobody measures hair pinning any more.
        json.WriteNull("hairPinning");
        json.WriteBoolean("ipv6", device.Variant(3) != 0);
        json.WriteBoolean("pcp", device.Variant(7) == 0);
        json.WriteBoolean("pmp", device.Variant(6) == 0);
        json.WriteBoolean("udp", true);
        json.WriteBoolean("upnp", device.Variant(4) == 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The answer for a device's attributes.</summary>
    public static void WriteAttributes(Utf8JsonWriter json, SimulatedDevice device, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        json.WriteString("node:os", device.Node.Os);
        json.WriteString("node:osVersion", device.Node.Os == "linux" ? "6.12.0" : "26.1");
        json.WriteString("node:tsVersion", device.ClientVersion.Split('-')[0]);
        json.WriteString("node:tsReleaseTrack", "stable");
        json.WriteBoolean("node:tsAutoUpdate", device.Variant(2) == 0);
        json.WriteBoolean("node:tsStateEncrypted", device.Variant(3) == 0);
        if (device.Node.User is not null)
        {
            json.WriteString("intune:complianceState", "compliant");
            json.WriteNumber("custom:riskScore", device.Variant(100));
        }

        json.WriteEndObject();
        json.WriteStartObject("expiries");
        if (device.Node.User is not null)
            json.WriteString("custom:riskScore", Time(now + TimeSpan.FromDays(7)));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The answer for a device's invites: one in three devices has been offered to somebody.</summary>
    public static void WriteInvites(Utf8JsonWriter json, SimulatedDevice device, DateTimeOffset now)
    {
        json.WriteStartArray();
        if (device.Variant(3) == 0)
        {
            var accepted = device.Variant(2) == 0;
            json.WriteStartObject();
            json.WriteString("id", "1" + device.Id[..8]);
            json.WriteString("created", Time(now - (device.Age / 2)));
            json.WriteNumber("tailnetId", 59_954);
            json.WriteString("deviceId", device.Id);
            json.WriteNumber("sharerId", 22_011);
            json.WriteBoolean("multiUse", false);
            json.WriteBoolean("allowExitNode", device.Node.Role == NodeRole.ExitNode);
            json.WriteString("email", "friend@example.net");
            json.WriteString("lastEmailSentAt", Time(now - (device.Age / 2)));
            json.WriteString("inviteUrl", "https://login.tailscale.com/admin/invite/" + Key(device, 5)[..12]);
            json.WriteBoolean("accepted", accepted);
            if (accepted)
            {
                json.WriteStartObject("acceptedBy");
                json.WriteNumber("id", 33_223);
                json.WriteString("loginName", "friend@example.net");
                json.WriteString("profilePicUrl", "");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteList(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>Looks like a key and is none.</summary>
    static string Key(SimulatedDevice device, int kind) =>
        string.Concat(Enumerable.Range(1, 8).Select(i => (((uint)device.Variant(int.MaxValue) * (uint)(i + (kind * 8))) ^ 0x5bd1e995u).ToString("x8", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>To the second, as the API has it for devices.</summary>
    static string Time(DateTimeOffset time) => GoTime.Format(time.ToUnixTimeSeconds() * 1_000_000_000);
}
