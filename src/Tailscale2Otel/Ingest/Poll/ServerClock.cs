namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// The server's clock as far as its answers tell it, which is the one that records are logged by: the clock here may be off in
/// either direction. Without any answer, or when answers do not say, the clock here.
/// </summary>
sealed class ServerClock(TimeProvider time)
{
    DateTimeOffset? _said;
    long _at;

    /// <summary>Whether an answer has come, whatever it said.</summary>
    public bool IsSettled { get; private set; }

    public DateTimeOffset Now => _said is { } said ? said + time.GetElapsedTime(_at) : time.GetUtcNow();

    /// <summary>How far the clock here is ahead.</summary>
    public TimeSpan Ahead => time.GetUtcNow() - Now;

    /// <param name="said">Of an answer; null when it does not say.</param>
    public void Answered(DateTimeOffset? said)
    {
        IsSettled = true;
        if (said is null)
            return;
        _said = said;
        _at = time.GetTimestamp();
    }
}
