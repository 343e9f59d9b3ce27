using System.Globalization;

namespace Tailscale2Otel.Demo;

/// <summary>The progress line; its rate is that of the last few seconds. One thread's.</summary>
sealed class DemoProgress(TimeProvider time)
{
    static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    readonly long _start = time.GetTimestamp();
    readonly Queue<(long At, long In)> _samples = new([(time.GetTimestamp(), 0L)]);

    public string Next(DemoCounts counts)
    {
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().At) > Memory)
            _samples.Dequeue();
        var (since, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(since).TotalSeconds;
        var rate = seconds > 0 ? (counts.In - before) / seconds : 0;
        _samples.Enqueue((time.GetTimestamp(), counts.In));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetElapsedTime(_start):hh\\:mm\\:ss}  in {counts.In:N0}  out {counts.Out:N0}  duplicates {counts.Duplicates:N0}  dead letters {counts.DeadLetters:N0}  rate {rate:N0}/s  backlog {counts.Backlog:N0}");
    }
}
