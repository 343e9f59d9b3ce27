using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Fetches the whole device list and hands it on. A list that did not come in full is a failure and changes nothing: what was
/// known of the devices stays known. An empty list is one only if the API answered it.
/// </summary>
/// <param name="tailnet">As its records carry it.</param>
/// <param name="list">Asks the API, see <see cref="TailscaleClient.ListDevicesAsync"/>.</param>
/// <param name="take">Gets each list, on the poller's thread.</param>
sealed class DevicesPoller(
    string tailnet, Func<CancellationToken, Task<ApiResult<IReadOnlyList<Device>>>> list, Action<DeviceSnapshot> take, TimeProvider time)
{
    /// <returns>Null, or why there is no new list.</returns>
    public async Task<ApiFailure?> PollAsync(CancellationToken cancellation)
    {
        var result = await list(cancellation);
        if (!result.IsSuccess)
            return result.Failure;
        if (result.Value is null)
            return new ApiFailure(ApiState.TransientFailure, 0, "The device list was answered without a list.");

        take(new DeviceSnapshot(tailnet, time.GetUtcNow(), result.Value));
        return null;
    }
}
