using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>One tailnet's last device list, for whoever asks about its devices. Any thread.</summary>
sealed class LatestDevices
{
    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Dictionary<string, Device> _devices = [];

    public void Take(DeviceSnapshot snapshot)
    {
        _devices = snapshot.Devices.DistinctBy(d => d.NodeId, StringComparer.Ordinal).ToDictionary(d => d.NodeId, StringComparer.Ordinal);
        _first.TrySetResult();
    }

    /// <summary>By node ID; waits for the first list. Throws only for cancellation.</summary>
    public async Task<IReadOnlyDictionary<string, Device>> GetAsync(CancellationToken cancellation)
    {
        await _first.Task.WaitAsync(cancellation);
        return _devices;
    }

    /// <summary>False for a device that has left since.</summary>
    public bool Has(Device device) => _devices.ContainsKey(device.NodeId);
}
