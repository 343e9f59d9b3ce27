namespace Tailscale2Otel.Hosting.Replay;

/// <summary>At most so many records a second. What a slow backend costs is not made up for later.</summary>
sealed class ReplayPace(int? perSecond, TimeProvider time)
{
    /// <summary>Shorter pauses cost more than they keep even.</summary>
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    long _begun = time.GetTimestamp();
    long _taken;

    /// <summary>After each record; ends when the next may follow.</summary>
    public Task TakeAsync(CancellationToken stop)
    {
        if (perSecond is not { } rate)
            return Task.CompletedTask;

        _taken++;
        var ahead = TimeSpan.FromSeconds((double)_taken / rate) - time.GetElapsedTime(_begun);
        if (ahead >= Shortest)
            return Task.Delay(ahead, time, stop);
        if (ahead < -TimeSpan.FromSeconds(1))
            (_begun, _taken) = (time.GetTimestamp(), 0);
        return Task.CompletedTask;
    }
}
