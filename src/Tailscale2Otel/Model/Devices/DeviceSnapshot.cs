namespace Tailscale2Otel.Model.Devices;

/// <summary>The whole device list of one tailnet at one time; it replaces the one before.</summary>
/// <param name="Tailnet">As its records carry it, see <see cref="RawRecord.Tailnet"/>.</param>
sealed record DeviceSnapshot(string Tailnet, DateTimeOffset TakenAt, IReadOnlyList<Device> Devices);
