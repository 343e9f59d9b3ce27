using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Keeps the grinder from the first record until each tailnet's device list has come once, so that records which were there
/// before are not named <c>unknown</c> for ever: for a bounded time after the start, and not for a list that will not come. The spool
/// takes records meanwhile. Any thread.
/// </summary>
sealed partial class FirstDevices
{
    readonly Lock _gate = new();
    readonly Dictionary<string, string> _missing;
    readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TimeSpan _patience;
    readonly TimeProvider _time;
    readonly ILogger<FirstDevices> _logger;
    readonly long _startedAt;

    /// <param name="tailnets">Those with a devices collector and a credential for it: as their records carry them, and as metrics call them.</param>
    /// <param name="patience"><c>enrichment.wait_for_devices</c>, from now on.</param>
    public FirstDevices(IEnumerable<(string Name, string Label)> tailnets, TimeSpan patience, TimeProvider time, ILogger<FirstDevices> logger)
    {
        _missing = tailnets.ToDictionary(t => t.Name, t => t.Label, StringComparer.Ordinal);
        _patience = patience;
        _time = time;
        _logger = logger;
        _startedAt = time.GetTimestamp();
        if (_missing.Count == 0 || patience <= TimeSpan.Zero)
            _open.SetResult();
    }

    /// <summary>The tailnet's list is there, and records may be named from it.</summary>
    public void Delivered(string tailnet)
    {
        lock (_gate)
        {
            _ = _missing.Remove(tailnet);
            if (_missing.Count == 0)
                _open.TrySetResult();
        }
    }

    /// <summary>A list did not come; one that somebody must do something for is not waited for.</summary>
    public void Failed(string tailnet, ApiFailure failure)
    {
        if (failure.IsLasting || failure.State is ApiState.CredentialRejected or ApiState.RequestRejected)
            Delivered(tailnet);
    }

    /// <summary>Ends when all lists are there or the time is up; after that at once. Throws only for cancellation.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        if (_open.Task.IsCompleted)
            return;

        var left = _patience - _time.GetElapsedTime(_startedAt);
        try
        {
            await _open.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, stop);
        }
        catch (TimeoutException)
        {
            if (_open.TrySetResult())
                Log.TimeIsUp(_logger, Missing(), (long)_patience.TotalSeconds);
        }
    }

    string Missing()
    {
        lock (_gate)
        {
            var labels = _missing.Values.Where(l => l.Length > 0).Order(StringComparer.Ordinal).ToList();
            return labels.Count == 0 ? "" : $" of {string.Join(", ", labels)}";
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No device list{Tailnets} from the Tailscale API within {Seconds} s (enrichment.wait_for_devices): until it comes, flow records are named only by what they say themselves. See the messages of the devices collector, or turn it off with collectors.devices.enabled: false")]
        public static partial void TimeIsUp(ILogger log, string tailnets, long seconds);
    }
}
