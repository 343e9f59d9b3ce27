using System.Diagnostics.CodeAnalysis;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The devices of the tailnet, in the order in which they came. Thread-safe.</summary>
sealed class ControlPlaneDevices(IEnumerable<SimulatedNode> nodes)
{
    readonly Lock _gate = new();
    readonly List<SimulatedDevice> _devices = [.. nodes.Select(node => new SimulatedDevice(node))];

    public IReadOnlyList<SimulatedDevice> All
    {
        get
        {
            lock (_gate)
                return [.. _devices];
        }
    }

    public void Add(SimulatedNode node) => Set(new SimulatedDevice(node));

    /// <summary>Adds a device, or replaces the one of the same node.</summary>
    public void Set(SimulatedDevice device)
    {
        lock (_gate)
        {
            var at = _devices.FindIndex(d => d.Node.Id == device.Node.Id);
            if (at < 0)
                _devices.Add(device);
            else
                _devices[at] = device;
        }
    }

    /// <summary>False when there is no such node.</summary>
    public bool Remove(string nodeId)
    {
        lock (_gate)
            return _devices.RemoveAll(d => d.Node.Id == nodeId) > 0;
    }

    /// <summary>By either of its IDs.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out SimulatedDevice? device)
    {
        lock (_gate)
            device = _devices.Find(d => d.Node.Id == id || d.Id == id);
        return device is not null;
    }
}
