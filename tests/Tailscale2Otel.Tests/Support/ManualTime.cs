namespace Tailscale2Otel.Tests.Support;

/// <summary>Time that moves only when a test says so; timers fire inside <see cref="Advance"/>, in order.</summary>
sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<ManualTimer> _timers = [];
    readonly DateTimeOffset _origin = start ?? new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);
    TimeSpan _elapsed;
    TimeSpan _offset;
    long _reads;
    long _fired;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that wait, so that a test can wait until the code under test waits.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count(t => t.Due is not null);
        }
    }

    /// <summary>How often somebody looked at the clock.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>How often a timer fired.</summary>
    public long Fired => Interlocked.Read(ref _fired);

    /// <summary>Timers that fire once, and not before that time has passed.</summary>
    public int OneShotsBeyond(TimeSpan wait) => OneShots(due => due > wait);

    /// <summary>Timers that fire once, before that time has passed.</summary>
    public int OneShotsWithin(TimeSpan wait) => OneShots(due => due <= wait);

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
            return _origin + _elapsed + _offset;
    }

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
            return _elapsed.Ticks;
    }

    /// <summary>Sets the wall clock forward or back. Timers and timestamps do not notice, as with a system's monotonic clock.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
            _offset += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (_gate)
            target = _elapsed + by;

        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(t => t.Due <= target).MinBy(t => t.Due);
                if (next is null)
                {
                    // A timer that is due at once fires where it is made, which may be while another thread advances.
                    _elapsed = target > _elapsed ? target : _elapsed;
                    return;
                }

                _elapsed = next.Due > _elapsed ? next.Due.Value : _elapsed;
                next.Due = next.Period > TimeSpan.Zero ? _elapsed + next.Period : null;
            }

            Interlocked.Increment(ref _fired);
            next.Fire();
        }
    }

    int OneShots(Func<TimeSpan, bool> isMeant)
    {
        lock (_gate)
            return _timers.Count(t => t.Period <= TimeSpan.Zero && t.Due is { } due && isMeant(due - _elapsed));
    }

    sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._elapsed + dueTime;
            }

            if (dueTime == TimeSpan.Zero)
                time.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
