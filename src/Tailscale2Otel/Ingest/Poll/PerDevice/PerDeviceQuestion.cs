using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>Something that one tailnet's API is asked about each device.</summary>
/// <param name="Collector">Value of <c>tailscale.collector</c>.</param>
/// <param name="Tailnet">As metrics call it.</param>
/// <param name="Interval">In which each device is asked about once.</param>
/// <param name="Ask">Asks about the device with that ID.</param>
/// <param name="Refused">Is told when no device is answered for, and why.</param>
sealed record PerDeviceQuestion<T>(
    string Collector, string Tailnet, TimeSpan Interval, Func<string, CancellationToken, Task<ApiResult<T>>> Ask, Action<ApiFailure> Refused)
{
    /// <summary>Whether there can be an answer for the device.</summary>
    public Func<Device, bool> Concerns { get; init; } = static _ => true;
}
