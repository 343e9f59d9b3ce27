using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Seconds by which a window ages. They follow the receive times of the records, never back, and forward by at most
/// <see cref="LongestStep"/> from one record to the next: a system clock that jumps, forward and back or the other way
/// round, ages nothing. Stretches without records count for less than they lasted, and keys are kept the longer for it.
/// </summary>
sealed class WindowClock
{
    public static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(10);

    SpoolPosition _newest;
    uint? _received;

    /// <summary>Unix seconds of the first record, and on from there.</summary>
    public uint Now { get; private set; }

    /// <summary>Records that are read again after a restart have passed already.</summary>
    /// <param name="received">Unix seconds.</param>
    public void Follow(SpoolPosition position, uint received)
    {
        if (position < _newest)
            return;

        if (_received is { } before)
            Now += (uint)Math.Clamp((long)received - before, 0, (long)LongestStep.TotalSeconds);
        else if (Now == 0)
            Now = received;
        _received = received;
        _newest = position;
    }

    /// <summary>Goes on after a restart where a key was claimed.</summary>
    public void Resume(SpoolPosition position, uint now)
    {
        if (position >= _newest)
            (_newest, Now) = (position, now);
    }
}
