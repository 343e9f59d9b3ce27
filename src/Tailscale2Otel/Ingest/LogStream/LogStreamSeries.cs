using System.Globalization;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>What is known of one log's stream; the poller writes, collections of metrics and the status page read.</summary>
sealed class LogStreamSeries(string tailnet, LogType type)
{
    readonly Lock _gate = new();
    LogStreamSink? _sink;
    LogStreamStatus? _status;
    LogStreamCounts? _last;
    LogStreamCounts _grown;
    bool? _isConfigured;
    bool? _isDrifted;
    bool _hasGrown;
    int _missed;

    public string Tailnet { get; } = tailnet;

    public LogType Type { get; } = type;

    public KeyValuePair<string, object?>[] Tags { get; } = tailnet.Length == 0
        ? [new("tailscale.logstream.type", StreamWords.Name(type))]
        : [new("tailscale.logstream.type", StreamWords.Name(type)), new("tailscale.tailnet", tailnet)];

    /// <summary>1 or 0; null while it is not known.</summary>
    public long? Configured => Read(() => _isConfigured is { } yes ? yes ? 1 : 0 : (long?)null);

    /// <summary>1 or 0; null for a destination that is not ours to watch.</summary>
    public long? Drifted => Read(() => _isDrifted is { } yes ? yes ? 1 : 0 : (long?)null);

    /// <summary>1 or 0; null without a status.</summary>
    public long? Error => Read(() => _status is { } status ? status.LastError.Length > 0 ? 1 : 0 : (long?)null);

    /// <summary>Unix time in seconds.</summary>
    public double? LastActivity => Read(() => _status?.LastActivity is { } at ? at.ToUnixTimeMilliseconds() / 1000.0 : (double?)null);

    /// <summary>Since the first status that this process saw; null before it and while there is no destination.</summary>
    public LogStreamCounts? Counts => Read(() => _hasGrown && _isConfigured == true ? _grown : (LogStreamCounts?)null);

    /// <summary>Statuses in a row that could not be had.</summary>
    public int Missed => Read(() => _missed);

    /// <summary>Nothing is known any more; what was counted is not counted again.</summary>
    public void Forget() => Reset(null);

    public void NoSink() => Reset(false);

    public void HasSink(LogStreamSink sink)
    {
        lock (_gate)
            (_sink, _isConfigured) = (sink, true);
    }

    public void Drift(bool? isDrifted)
    {
        lock (_gate)
            _isDrifted = isDrifted;
    }

    /// <summary>What the last status said stays: the endpoint fails now and then on streams that work.</summary>
    public void MissStatus()
    {
        lock (_gate)
            _missed++;
    }

    public void Observe(LogStreamStatus status)
    {
        var now = LogStreamCounts.Of(status);
        lock (_gate)
        {
            if (_last is { } before)
                _grown = _grown.Grown(before, now);
            (_status, _last, _hasGrown, _missed) = (status, now, true, 0);
        }
    }

    /// <summary>In words, without what Tailscale or the destination wrote.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            var title = StreamWords.Title(Type, Tailnet);
            if (_isConfigured is null)
                return $"{title}: not known";
            if (_sink is null)
                return $"{title} are not streamed";

            var status = _status is null ? "no status yet"
                : string.Create(CultureInfo.InvariantCulture, $"{_status.EntriesSent} entries in {_status.Requests} requests, {_status.FailedRequests} of them failed, last activity {(_status.LastActivity is { } at ? $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "never")}");
            var missed = _missed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (the last {_missed} statuses could not be had)");
            return $"{title} are streamed to {StreamWords.Describe(_sink)}: {status}{missed}";
        }
    }

    T Read<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }

    void Reset(bool? isConfigured)
    {
        lock (_gate)
            (_sink, _status, _last, _isConfigured, _missed) = (null, null, null, isConfigured, 0);
    }
}
