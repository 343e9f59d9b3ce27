using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Enrichment;

/// <summary>
/// What devices are called in every signal: the first label of the MagicDNS name, as flow records' own names are shown, so that
/// a node has the same name before and after the device list knows it; without such a name what the machine calls itself, and
/// without that its node ID. No two devices have the same name. Within a tailnet MagicDNS sees to that; a device that was
/// shared in from another may have the label of one of ours, and then ours keeps it and the other gets its full name: who
/// shares a device must not be able to pass it off as ours.
/// </summary>
static class DeviceNames
{
    /// <summary>A DNS name's longest.</summary>
    public const int MaxLength = 255;

    /// <summary>What flow records say of addresses that are no device's.</summary>
    static readonly HashSet<string> Taken = new(["external", "unknown", "__other__"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// One device for each node ID. Devices of the tailnet itself go before those that were shared in, and the lower node ID before
    /// the higher: whatever is decided by who comes first is decided in the same way for the same list in another order.
    /// </summary>
    public static List<Device> Distinct(IReadOnlyList<Device> devices) =>
        [.. devices.OrderBy(d => d.IsExternal).ThenBy(d => d.NodeId, StringComparer.Ordinal).DistinctBy(d => d.NodeId, StringComparer.Ordinal)];

    /// <param name="devices">With different node IDs.</param>
    /// <returns>A name for each, in the same order.</returns>
    public static string[] Of(IReadOnlyList<Device> devices)
    {
        var own = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var all = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var device in devices)
        {
            var label = LabelOf(device);
            all[label] = all.GetValueOrDefault(label) + 1;
            if (!device.IsExternal)
                own[label] = own.GetValueOrDefault(label) + 1;
        }

        var names = new string[devices.Count];
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            var label = LabelOf(devices[i]);
            if ((devices[i].IsExternal ? all : own)[label] == 1 && IsFree(label))
                given.Add(names[i] = label);
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is not null)
                continue;

            var full = Cut(devices[i].Name);
            names[i] = full.Length > 0 && IsFree(full) && given.Add(full) ? full : Cut(devices[i].NodeId);
        }

        return names;
    }

    static string LabelOf(Device device)
    {
        var dot = device.Name.IndexOf('.', StringComparison.Ordinal);
        var name = dot > 0 ? device.Name[..dot] : device.Name;
        if (name.Length == 0)
            name = device.Hostname.Length > 0 ? device.Hostname : device.NodeId;
        return Cut(name);
    }

    static bool IsFree(string name) => !Taken.Contains(name) && !name.StartsWith("unverified:", StringComparison.OrdinalIgnoreCase);

    static string Cut(string name) =>
        name.Length <= MaxLength ? name : name[..(char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
}
