namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Says how far catching up is: when it begins, every half minute, and when it is done.</summary>
sealed partial class CatchUpLog(string collector, TimeSpan interval, TimeProvider time, ILogger log)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    long _toldAt;
    int _windows;

    /// <param name="cursor">How far it is now.</param>
    /// <param name="left">How far the cursor is behind what could be asked for.</param>
    public void Fetched(DateTimeOffset cursor, TimeSpan left)
    {
        // A few windows are no matter; one that is halved, for example.
        if (left <= interval * 3)
        {
            if (_windows > 0)
                Log.Done(log, collector, _windows);
            _windows = 0;
            return;
        }

        if (_windows++ > 0 && time.GetElapsedTime(_toldAt) < Every)
            return;
        _toldAt = time.GetTimestamp();
        Log.Progress(log, collector, cursor, left, _windows);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Collector}: catching up, fetched up to {Cursor:O}, {Left} are left ({Windows} windows so far)")]
        public static partial void Progress(ILogger log, string collector, DateTimeOffset cursor, TimeSpan left, int windows);

        [LoggerMessage(LogLevel.Information, "{Collector}: caught up after {Windows} windows")]
        public static partial void Done(ILogger log, string collector, int windows);
    }
}
