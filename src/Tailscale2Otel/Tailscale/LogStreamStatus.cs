namespace Tailscale2Otel.Tailscale;

/// <summary>
/// How delivery to a log stream's destination goes (<c>GET …/logging/{logType}/stream/status</c>). The numbers are Tailscale's
/// own counters, which begin again now and then.
/// </summary>
sealed record LogStreamStatus
{
    public DateTimeOffset? LastActivity { get; init; }

    /// <summary>Empty when the last delivery was fine.</summary>
    public string LastError { get; init; } = "";

    public long BytesSent { get; init; }

    public long EntriesSent { get; init; }

    public long SpoofedEntries { get; init; }

    public long Requests { get; init; }

    public long FailedRequests { get; init; }

    public long MaxBodyRequests { get; init; }
}
