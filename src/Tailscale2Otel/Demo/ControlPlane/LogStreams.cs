using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Which logs are streamed, and where to. Thread-safe.</summary>
sealed class LogStreams(ControlPlaneSettings settings, ControlPlaneClock clock) : IAsyncDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<LogType, LogStream> _streams = [];

    /// <summary>Null when the log is not streamed.</summary>
    public LogStream? this[LogType type]
    {
        get
        {
            lock (_gate)
                return _streams.GetValueOrDefault(type);
        }
    }

    public void Add(SimulatedRecord record) => this[record.Type]?.Add(record);

    /// <summary>Streams the log to another destination than before, or with null nowhere.</summary>
    public async Task SetAsync(LogType type, StreamDestination? destination)
    {
        LogStream? before;
        lock (_gate)
        {
            _streams.Remove(type, out before);
            if (destination is not null)
                _streams.Add(type, new LogStream(destination, settings, clock));
        }

        if (before is not null)
            await before.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var type in Enum.GetValues<LogType>())
            await SetAsync(type, null);
    }
}
