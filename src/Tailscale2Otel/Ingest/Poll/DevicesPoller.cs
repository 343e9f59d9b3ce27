using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Fetches the whole device list and hands it on. A list that did not come in full is a failure and changes nothing: what was
/// known of the devices stays known. An empty list is one only if the API answered it.
/// </summary>
/// <param name="tailnet">Whose list it is.</param>
/// <param name="list">Asks the API, see <see cref="TailscaleClient.ListDevicesAsync"/>.</param>
/// <param name="take">Gets each list, on the poller's thread.</param>
/// <param name="failed">Is told when there is no new list, and why.</param>
sealed class DevicesPoller(
    TailnetSettings tailnet,
    TimeSpan interval,
    Func<CancellationToken, Task<ApiResult<IReadOnlyList<Device>>>> list,
    Action<DeviceSnapshot> take,
    Action<ApiFailure> failed,
    TimeProvider time) : IPoller
{
    public string Collector => "devices";

    public string Tailnet => tailnet.Label;

    public TimeSpan Interval => interval;

    public async Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        var result = await list(cancellation);
        var failure = result.IsSuccess && result.Value is null
            ? new ApiFailure(ApiState.TransientFailure, 0, "The device list was answered without a list.")
            : result.Failure;
        if (failure is not null)
        {
            failed(failure);
            return PollResult.Failed(failure);
        }

        take(new DeviceSnapshot(tailnet.Name, time.GetUtcNow(), result.Value!));
        return PollResult.Done;
    }
}
