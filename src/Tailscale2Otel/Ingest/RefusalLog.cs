namespace Tailscale2Otel.Ingest;

/// <summary>Says why requests are refused, once in a while per reason and never what was in them. Reasons are few and the receiver's own.</summary>
sealed class RefusalLog(TimeProvider time)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    readonly Dictionary<string, (long At, int Untold)> _told = new(StringComparer.Ordinal);

    /// <summary>True when it is time to tell.</summary>
    /// <param name="untold">Refusals for the same reason since the last that was told.</param>
    public bool TryTell(string reason, out int untold)
    {
        lock (_gate)
        {
            var isKnown = _told.TryGetValue(reason, out var last);
            untold = last.Untold;
            if (isKnown && time.GetElapsedTime(last.At) < Every)
            {
                _told[reason] = (last.At, last.Untold + 1);
                return false;
            }

            _told[reason] = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
