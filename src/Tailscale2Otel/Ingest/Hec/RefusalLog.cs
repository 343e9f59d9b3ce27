namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Says why requests are refused, once in a while per reason and never what was in them.</summary>
sealed partial class RefusalLog(ILogger logger, TimeProvider time)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    readonly Dictionary<string, (long At, int Untold)> _told = new(StringComparer.Ordinal);

    public void Write(HecReply reply, int eventNumber)
    {
        int untold;
        lock (_gate)
        {
            if (_told.TryGetValue(reply.Reason, out var last) && time.GetElapsedTime(last.At) < Every)
            {
                _told[reply.Reason] = (last.At, last.Untold + 1);
                return;
            }

            untold = last.Untold;
            _told[reply.Reason] = (time.GetTimestamp(), 0);
        }

        // A sender's mistake and a full spool are both the operator's to mend.
        Log.Refused(logger, reply.Status, reply.Code, reply.Text, eventNumber, reply.Advice, untold);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Refused a stream request with {Status}/{Code} ({Text}, event {EventNumber}): {Advice}; {Untold} more like it were not logged")]
        public static partial void Refused(ILogger logger, int status, int code, string text, int eventNumber, string advice, int untold);
    }
}
