namespace Tailscale2Otel.Model.Devices;

/// <summary>A device's latency to a DERP region.</summary>
/// <param name="Region">Its name, for example <c>Frankfurt</c>.</param>
/// <param name="Preferred">The device's home region.</param>
readonly record struct DerpLatency(string Region, double Milliseconds, bool Preferred);
