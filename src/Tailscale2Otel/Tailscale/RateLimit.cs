namespace Tailscale2Otel.Tailscale;

/// <summary>Lets requests go one at a time and never sooner than an interval after each other, in the order in which they came.</summary>
/// <param name="perSecond">0 is without limit.</param>
sealed class RateLimit(double perSecond, TimeProvider time) : IDisposable
{
    /// <summary>Timers have an end.</summary>
    static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    readonly TimeSpan _interval = perSecond <= 0 ? TimeSpan.Zero
        : 1 / perSecond > LongestInterval.TotalSeconds ? LongestInterval
        : TimeSpan.FromSeconds(1 / perSecond);

    // Its asynchronous waiters stand in a queue.
    readonly SemaphoreSlim _turn = new(1, 1);
    long? _last;

    public bool IsOn => _interval > TimeSpan.Zero;

    /// <summary>Who gives up takes no turn away.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (!IsOn)
            return;
        await _turn.WaitAsync(cancellation);
        try
        {
            while (_last is { } last && _interval - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, cancellation);
            _last = time.GetTimestamp();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
