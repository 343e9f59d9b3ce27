using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Tells the operator how a poller fares: a failure when it begins, when it becomes another one, and every ten minutes while it
/// goes on; a lasting state only when it begins; one line when it is over. What comes and goes is told once in that time, and so
/// is its end. Of a failure that is told already it says only that it goes on.
/// </summary>
sealed partial class PollReport(string name, Health health, TimeProvider time, ILogger log)
{
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    readonly Dictionary<string, long> _toldAt = [];
    string? _told;
    string? _last;
    int _failures;

    public void Succeeded()
    {
        if (_failures > 0)
            health.Clear(name);
        if (_told is not null)
            Log.Recovered(log, name, _failures);
        (_told, _last) = (null, null);
        _failures = 0;
    }

    /// <param name="thrown">What the poller threw, if that is the failure.</param>
    public void Failed(PollFailure failure, TimeSpan wait, Exception? thrown)
    {
        _failures++;
        health.Report(name, failure.Message);
        // The words may hold numbers that change with each run; the kind does not.
        var isRecent = _toldAt.TryGetValue(failure.ErrorType, out var at) && time.GetElapsedTime(at) < Quiet;
        var goesOn = _last == failure.ErrorType;
        _last = failure.ErrorType;
        if (failure.IsTold)
        {
            if (!isRecent)
                Remind(failure, wait, goesOn);
            return;
        }

        if (isRecent || (failure.Repeat == PollRepeat.Rarely && _told == failure.ErrorType))
            return;

        _told = failure.ErrorType;
        _toldAt[failure.ErrorType] = time.GetTimestamp();
        if (thrown is not null)
            Log.Threw(log, thrown, name, _failures);
        else if (failure.Repeat == PollRepeat.Rarely)
            Log.Lasting(log, name, failure.Message, wait);
        else
            Log.Failed(log, name, failure.Message, _failures, wait);
    }

    void Remind(PollFailure failure, TimeSpan wait, bool goesOn)
    {
        _toldAt[failure.ErrorType] = time.GetTimestamp();
        if (goesOn && failure.Repeat != PollRepeat.Rarely)
            Log.Failed(log, name, failure.Message, _failures, wait);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Collector}: works again after {Failures} failed runs")]
        public static partial void Recovered(ILogger log, string collector, int failures);

        [LoggerMessage(LogLevel.Warning, "{Collector}: {Message} ({Failures} runs failed in a row; the next is in {Wait})")]
        public static partial void Failed(ILogger log, string collector, string message, int failures, TimeSpan wait);

        [LoggerMessage(LogLevel.Warning, "{Collector}: {Message} (asked again every {Wait}; told again only when it changes)")]
        public static partial void Lasting(ILogger log, string collector, string message, TimeSpan wait);

        [LoggerMessage(LogLevel.Error, "{Collector}: the run ended in a mistake of this program; the others go on ({Failures} runs failed in a row)")]
        public static partial void Threw(ILogger log, Exception exception, string collector, int failures);
    }
}
