using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What the instruments say of one poller.</summary>
sealed class ScrapeState(
    TimeSpan interval, KeyValuePair<string, object?>[] tags, Counter<long> errors, Histogram<double> durations, TimeProvider time)
{
    readonly Lock _gate = new();
    long _fresh = time.GetTimestamp();
    TimeSpan _duration;
    DateTimeOffset? _ended;
    bool _isSuccess;

    public KeyValuePair<string, object?>[] Tags => tags;

    public double? Success => Ran(() => _isSuccess ? 1 : 0);

    public double? Duration => Ran(() => _duration.TotalSeconds);

    public double? Budget => Ran(() => _duration / interval);

    public double? LastTimestamp => Ran(() => (_ended!.Value - DateTimeOffset.UnixEpoch).TotalSeconds);

    public double? Staleness
    {
        get
        {
            lock (_gate)
                return time.GetElapsedTime(_fresh).TotalSeconds;
        }
    }

    /// <param name="errorType">Null for a success.</param>
    public void Ended(TimeSpan duration, string? errorType)
    {
        lock (_gate)
        {
            _duration = duration;
            _ended = time.GetUtcNow();
            _isSuccess = errorType is null;
            if (_isSuccess)
                _fresh = time.GetTimestamp();
        }

        durations.Record(duration.TotalSeconds, tags);
        if (errorType is not null)
            errors.Add(1, [.. tags, new("error.type", errorType)]);
    }

    /// <summary>Nothing before the first run.</summary>
    double? Ran(Func<double> value)
    {
        lock (_gate)
            return _ended is null ? null : value();
    }
}
