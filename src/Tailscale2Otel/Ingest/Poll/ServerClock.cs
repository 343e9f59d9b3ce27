namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// The server's clock as far as its answers tell it, which is the one that records are logged by: the clock here may be off in
/// either direction. Without any answer, or when answers do not say, the clock here. A single answer may be wrong as well: one that
/// contradicts what is known counts only when the next one says the same.
/// </summary>
sealed class ServerClock(TimeProvider time)
{
    /// <summary>What two clocks may differ by without one of them being wrong.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Answers in a row after which a server is taken for one that does not say its time.</summary>
    const int Silence = 2;

    (DateTimeOffset Said, long At)? _believed;
    (DateTimeOffset Said, long At)? _doubted;
    int _silent;

    /// <summary>Whether answers have told the time, or that they do not, and the last one did not contradict.</summary>
    public bool IsSure => !IsDoubtful && (_believed is not null || _silent >= Silence);

    /// <summary>The last answer that told a time contradicts what is known, and it is open which of them is right.</summary>
    public bool IsDoubtful => _doubted is not null;

    /// <summary>Whether an answer has told the time, and another or the clock here the same.</summary>
    public bool IsTold => _believed is not null;

    /// <summary>Answers since it is doubtful.</summary>
    public int Doubts { get; private set; }

    public DateTimeOffset Now => _believed is { } believed ? Continued(believed) : time.GetUtcNow();

    /// <summary>How far the clock here is ahead.</summary>
    public TimeSpan Ahead => time.GetUtcNow() - Now;

    /// <param name="said">Of an answer; null when it does not say.</param>
    public void Answered(DateTimeOffset? said)
    {
        if (said is not { } server)
            _silent++;
        else if (IsClose(server, Now) || (_doubted is { } doubted && IsClose(server, Continued(doubted))))
            (_believed, _doubted, _silent) = ((server, time.GetTimestamp()), null, 0);
        else
            (_doubted, _silent) = ((server, time.GetTimestamp()), 0);
        Doubts = IsDoubtful ? Doubts + 1 : 0;
    }

    static bool IsClose(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() <= Tolerance;

    DateTimeOffset Continued((DateTimeOffset Said, long At) told) => told.Said + time.GetElapsedTime(told.At);
}
