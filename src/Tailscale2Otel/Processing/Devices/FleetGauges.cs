using System.Buffers;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Totals of a tailnet's devices, <c>tailscale.devices.*</c>, but for those of connectivity and routes.</summary>
static class FleetGauges
{
    public const string DistroName = "tailscale.distro.name";
    public const string DistroCodeName = "tailscale.distro.codename";
    public const string Unknown = "unknown";

    const string Other = "__other__";
    const int MaxDistros = 50;

    static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    static readonly (int Days, string Name)[] Spans = [(1, "1d"), (7, "7d"), (30, "30d"), (90, "90d"), (180, "180d"), (365, "1y"), (730, "2y")];

    public static void Add(GaugeSeries series, DeviceSnapshot snapshot)
    {
        var devices = snapshot.Devices;
        foreach (var group in devices.CountBy(d => (d.Os, d.Authorized, d.IsExternal)).OrderByDescending(g => g.Value).ThenBy(g => g.Key))
        {
            var (os, isAuthorized, isExternal) = group.Key;
            series.Add("tailscale.devices.count", group.Value, series.Attributes.Of(0, ("os.type", os), ("tailscale.authorized", isAuthorized), ("tailscale.external", isExternal)));
        }

        series.Add("tailscale.devices.ephemeral", devices.Count(d => d.IsEphemeral == true));
        series.Add("tailscale.devices.key_expiry_disabled", devices.Count(d => d.KeyExpiryDisabled == true));
        series.Add("tailscale.devices.ssh_enabled", devices.Count(d => d.SshEnabled == true));
        series.Add("tailscale.devices.untagged", devices.Count(d => !d.IsExternal && d.Tags.Count == 0));
        series.Add("tailscale.tailnet_lock.errors", devices.Count(d => d.TailnetLockError.Length > 0));
        series.AddAll("tailscale.devices.by_version", "tailscale.client_version", devices.CountBy(d => Version(d.ClientVersion)));
        series.AddAll("tailscale.devices.by_age", "tailscale.device.age", devices.Where(d => d.Created is not null).CountBy(d => SpanOf(snapshot.TakenAt - d.Created!.Value)));
        series.AddAll("tailscale.devices.by_key_expiry", "tailscale.device.key_expires_in", devices.CountBy(d => ExpiryOf(d, snapshot.TakenAt)).Where(g => g.Key.Length > 0));
        AddDistros(series, devices);
    }

    /// <param name="limit">Tags with a series of their own; the others are summed. 0 or less is all.</param>
    public static void AddTags(GaugeSeries series, IReadOnlyList<Device> devices, int limit)
    {
        var tags = devices.SelectMany(d => d.Tags.Distinct(StringComparer.Ordinal)).CountBy(t => t)
            .OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        var own = limit > 0 ? Math.Min(limit, tags.Count) : tags.Count;
        series.AddAll("tailscale.devices.by_tag", "tailscale.tag", tags.Take(own));
        if (own < tags.Count)
            series.AddAll("tailscale.devices.by_tag", "tailscale.tag", [new(Other, tags.Skip(own).Sum(t => t.Value))]);
    }

    /// <param name="threshold">Minor releases behind from which a device is outdated.</param>
    public static void AddOutdated(GaugeSeries series, IReadOnlyList<Device> devices, ClientVersion latest, int threshold)
    {
        series.Add("tailscale.devices.outdated", devices.Count(d => ClientVersion.Parse(d.ClientVersion)?.MinorsBehind(latest) >= threshold));
        series.Add("tailscale.fleet.latest_version", 1, series.Attributes.Of(1, ("tailscale.client_version", latest.ToString())));
    }

    /// <summary>Lower case; <c>unknown</c> for nothing.</summary>
    public static string Distro(string name) => name.Length == 0 ? Unknown : name.ToLowerInvariant();

    /// <summary><c>major.minor.patch</c> of <c>1.80.2-t1a2b3c-g4d5e6f</c>.</summary>
    public static string Version(string version)
    {
        var end = version.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = end < 0 ? version : version[..end];
        return number.Split('.') is { Length: 3 } parts && parts.All(p => p.Length is > 0 and < 10) ? number : Unknown;
    }

    static void AddDistros(GaugeSeries series, IReadOnlyList<Device> devices)
    {
        var distros = devices.Select(d => d.Distro).OfType<DeviceDistro>().CountBy(d => (Name: Distro(d.Name), CodeName: Distro(d.CodeName)))
            .OrderByDescending(d => d.Value).ThenBy(d => d.Key).ToList();
        foreach (var ((name, codeName), count) in distros.Take(MaxDistros))
            series.Add("tailscale.devices.by_distro", count, series.Attributes.Of(2, (DistroName, name), (DistroCodeName, codeName)));
        if (distros.Count > MaxDistros)
            series.Add("tailscale.devices.by_distro", distros.Skip(MaxDistros).Sum(d => d.Value), series.Attributes.Of(2, (DistroName, Other), (DistroCodeName, Other)));
    }

    /// <summary>Empty when the list does not say.</summary>
    static string ExpiryOf(Device device, DateTimeOffset now) =>
        device.KeyExpiryDisabled == true ? "never"
        : device.Expires is not { } expires ? ""
        : expires <= now ? "expired"
        : SpanOf(expires - now);

    /// <summary>The shortest of a few spans that holds the time.</summary>
    public static string SpanOf(TimeSpan time)
    {
        foreach (var (days, name) in Spans)
        {
            if (time <= TimeSpan.FromDays(days))
                return name;
        }

        return "more";
    }
}
