using System.Text.Json;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Tailscale;

/// <summary>The device list and what belongs to one device, as the API sends them.</summary>
static class DevicesDecoder
{
    /// <summary>Longest list of what a device says of itself.</summary>
    const int MaxEntries = 256;

    /// <summary>Null when it is no device list.</summary>
    /// <param name="skipped">Entries that are no devices, or have no ID.</param>
    public static IReadOnlyList<Device>? Devices(JsonElement root, out int skipped)
    {
        skipped = 0;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("devices", out var list))
            return null;
        if (list.ValueKind == JsonValueKind.Null)
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            return null;

        var devices = new List<Device>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray())
        {
            if (TryDevice(entry) is { } device)
                devices.Add(device);
            else
                skipped++;
        }

        return devices;
    }

    /// <summary>Null when they are none.</summary>
    public static DevicePosture? Posture(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        var expiries = LenientJson.Members(LenientJson.Member(root, "expiries")).Take(MaxEntries)
            .Select(m => (m.Key, Time: LenientJson.Time(LenientJson.Text(m.Value)))).Where(m => m.Time is not null)
            .DistinctBy(m => m.Key).ToDictionary(m => m.Key, m => m.Time!.Value, StringComparer.Ordinal);
        return new DevicePosture(
        [
            .. from member in LenientJson.Members(LenientJson.Member(root, "attributes")).Take(MaxEntries)
               let attribute = Attribute(member.Key, member.Value, expiries.TryGetValue(member.Key, out var expiry) ? expiry : null)
               where attribute is not null
               select attribute,
        ]);
    }

    /// <summary>Null when it is no list of invites.</summary>
    public static IReadOnlyList<DeviceInvite>? Invites(JsonElement root, out int skipped)
    {
        skipped = 0;
        if (root.ValueKind == JsonValueKind.Null)
            return [];
        if (root.ValueKind != JsonValueKind.Array)
            return null;
        var invites = new List<DeviceInvite>(root.GetArrayLength());
        foreach (var entry in root.EnumerateArray())
        {
            if (LenientJson.Text(entry, "id") is { Length: > 0 } id)
                invites.Add(Invite(entry, id));
            else
                skipped++;
        }

        return invites;
    }

    static Device? TryDevice(JsonElement entry)
    {
        var id = LenientJson.Text(entry, "id");
        var nodeId = LenientJson.Text(entry, "nodeId");
        if (id.Length == 0 && nodeId.Length == 0)
            return null;
        return new Device
        {
            NodeId = nodeId.Length > 0 ? nodeId : id,
            Id = id,
            Name = LenientJson.Text(entry, "name").TrimEnd('.'),
            Hostname = LenientJson.Text(entry, "hostname"),
            Addresses = [.. LenientJson.Texts(entry, "addresses").Select(WithoutPrefix)],
            User = LenientJson.Text(entry, "user"),
            Tags = LenientJson.Texts(entry, "tags"),
            Os = LenientJson.Text(entry, "os"),
            ClientVersion = LenientJson.Text(entry, "clientVersion"),
            Created = LenientJson.Time(entry, "created"),
            LastSeen = LenientJson.Time(entry, "lastSeen"),
            Expires = LenientJson.Time(entry, "expires"),
            ConnectedToControl = LenientJson.Flag(entry, "connectedToControl"),
            Authorized = LenientJson.Flag(entry, "authorized") ?? false,
            IsExternal = LenientJson.Flag(entry, "isExternal") ?? false,
            IsEphemeral = LenientJson.Flag(entry, "isEphemeral"),
            KeyExpiryDisabled = LenientJson.Flag(entry, "keyExpiryDisabled"),
            UpdateAvailable = LenientJson.Flag(entry, "updateAvailable"),
            BlocksIncomingConnections = LenientJson.Flag(entry, "blocksIncomingConnections"),
            MultipleConnections = LenientJson.Flag(entry, "multipleConnections"),
            SshEnabled = LenientJson.Flag(entry, "sshEnabled"),
            PostureIdentityDisabled = LenientJson.Member(entry, "postureIdentity") is { } posture ? LenientJson.Flag(posture, "disabled") : null,
            TailnetLockError = LenientJson.Text(entry, "tailnetLockError"),
            AdvertisedRoutes = LenientJson.Texts(entry, "advertisedRoutes"),
            EnabledRoutes = LenientJson.Texts(entry, "enabledRoutes"),
            Connectivity = LenientJson.Member(entry, "clientConnectivity") is { ValueKind: JsonValueKind.Object } connectivity ? Connectivity(connectivity) : null,
            Distro = LenientJson.Member(entry, "distro") is { ValueKind: JsonValueKind.Object } distro ? Distro(distro) : null,
        };
    }

    static string WithoutPrefix(string address) => address.IndexOf('/') is var slash and > 0 ? address[..slash] : address;

    static DeviceConnectivity Connectivity(JsonElement value) => new(
        LenientJson.Texts(value, "endpoints").Count,
        LenientJson.Flag(value, "mappingVariesByDestIP"),
        [
            .. from region in LenientJson.Members(LenientJson.Member(value, "latency")).Take(MaxEntries)
               let milliseconds = LenientJson.Number(region.Value, "latencyMs")
               where milliseconds is not null
               select new DerpLatency(region.Key, milliseconds.Value, LenientJson.Flag(region.Value, "preferred") ?? false),
        ],
        LenientJson.Members(LenientJson.Member(value, "clientSupports")).Take(MaxEntries)
            .Select(m => (m.Key, Flag: LenientJson.Flag(m.Value))).Where(m => m.Flag is not null)
            .DistinctBy(m => m.Key).ToDictionary(m => m.Key, m => m.Flag!.Value, StringComparer.Ordinal));

    static DeviceDistro? Distro(JsonElement value)
    {
        var distro = new DeviceDistro(LenientJson.Text(value, "name"), LenientJson.Text(value, "version"), LenientJson.Text(value, "codeName"));
        return distro is { Name: "", Version: "", CodeName: "" } ? null : distro;
    }

    static PostureAttribute? Attribute(string key, JsonElement value, DateTimeOffset? expires) => value.ValueKind switch
    {
        JsonValueKind.String => new PostureAttribute(key, LenientJson.Text(value), null, null, expires),
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => new PostureAttribute(key, null, number, null, expires),
        JsonValueKind.True or JsonValueKind.False => new PostureAttribute(key, null, null, value.GetBoolean(), expires),
        _ => null,
    };

    static DeviceInvite Invite(JsonElement entry, string id) => new()
    {
        Id = id,
        Created = LenientJson.Time(entry, "created"),
        MultiUse = LenientJson.Flag(entry, "multiUse") ?? false,
        AllowExitNode = LenientJson.Flag(entry, "allowExitNode") ?? false,
        Accepted = LenientJson.Flag(entry, "accepted") ?? false,
        LastEmailSentAt = LenientJson.Time(entry, "lastEmailSentAt"),
        Email = LenientJson.Text(entry, "email"),
        AcceptedBy = LenientJson.Member(entry, "acceptedBy") is { } by ? LenientJson.Text(by, "loginName") : "",
    };
}
