namespace Tailscale2Otel.Model.Devices;

/// <summary><c>distro</c> of a device.</summary>
sealed record DeviceDistro(string Name, string Version, string CodeName);
