using System.Globalization;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Version of a Tailscale client.</summary>
readonly record struct ClientVersion(int Major, int Minor, int Patch)
{
    /// <summary>Null for what is none, such as that of a device of another tailnet.</summary>
    public static ClientVersion? Parse(string text)
    {
        var number = FleetGauges.Version(text);
        if (number == FleetGauges.Unknown)
            return null;
        var parts = number.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new ClientVersion(parts[0], parts[1], parts[2]);
    }

    /// <summary>Difference of the minor numbers; 0 for one that is not older, and, as in the Go project, for another major number.</summary>
    public int MinorsBehind(ClientVersion latest) => Major == latest.Major ? Math.Max(latest.Minor - Minor, 0) : 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
}
