using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Splunk's indexer acknowledgement: numbers from 0 per channel, true once the backend has everything up to the request's end,
/// and forgotten once told. Kept in memory: after a restart a channel begins again at 0, and a number from before that is asked
/// for is false, or, when it was given again, true only after the later request was delivered; the spool delivers in order, so
/// the earlier one was then delivered too. Thread-safe.
/// </summary>
sealed class HecAcks(HecOptions options, TimeProvider time)
{
    static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    readonly int _maxChannels = options.AckMaxChannels;
    readonly int _maxPending = options.AckMaxPending;
    readonly int _maxPendingPerChannel = options.AckMaxPendingPerChannel;
    readonly TimeSpan _idle = options.AckChannelIdle;
    readonly Lock _gate = new();
    readonly Dictionary<Guid, AckChannel> _channels = [];
    long _lastSweep = time.GetTimestamp();
    int _pending;

    /// <summary>Holds a place before the request is kept, so that nothing is kept that cannot be acknowledged. False at a limit.</summary>
    public bool TryReserve(Guid id)
    {
        lock (_gate)
        {
            Sweep(force: false);
            if (!_channels.TryGetValue(id, out var channel))
            {
                if (_channels.Count >= _maxChannels)
                    Sweep(force: true);
                if (_channels.Count >= _maxChannels || _pending >= _maxPending)
                    return false;
                _channels.Add(id, channel = new AckChannel());
            }

            channel.LastUsed = time.GetTimestamp();
            if (_pending >= _maxPending || channel.Pending.Count + channel.Reserved >= _maxPendingPerChannel)
                return false;

            channel.Reserved++;
            _pending++;
            return true;
        }
    }

    /// <summary>The reserved place's number.</summary>
    public long Complete(Guid id, SpoolPosition end)
    {
        lock (_gate)
        {
            var channel = _channels[id];
            channel.Reserved--;
            var number = channel.NextId++;
            channel.Pending.Add(number, end);
            return number;
        }
    }

    /// <summary>The reserved request was refused; no number is used up.</summary>
    public void Cancel(Guid id)
    {
        lock (_gate)
        {
            _channels[id].Reserved--;
            _pending--;
        }
    }

    /// <summary>Whether the request of a number was delivered. True once; unknown numbers are false.</summary>
    public bool Take(Guid id, long number, SpoolPosition delivered)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(id, out var channel))
                return false;

            channel.LastUsed = time.GetTimestamp();
            if (!channel.Pending.TryGetValue(number, out var end) || delivered < end)
                return false;

            channel.Pending.Remove(number);
            _pending--;
            return true;
        }
    }

    /// <summary>Forgets channels that nobody used for long; those with a request under way stay.</summary>
    void Sweep(bool force)
    {
        if (!force && time.GetElapsedTime(_lastSweep) < SweepEvery)
            return;

        _lastSweep = time.GetTimestamp();
        foreach (var (id, channel) in _channels)
        {
            if (channel.Reserved > 0 || time.GetElapsedTime(channel.LastUsed) < _idle)
                continue;
            _pending -= channel.Pending.Count;
            _channels.Remove(id);
        }
    }
}
