namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What is asked for in one question, both ends included.</summary>
/// <param name="IsCut">More is to be had behind it already.</param>
/// <param name="Before">The cursor as it was; null when there was none to believe.</param>
/// <param name="IsProbe">Short, because it is asked to learn the server's clock.</param>
readonly record struct PollWindow(DateTimeOffset From, DateTimeOffset To, bool IsCut, PollCursor? Before, bool IsProbe = false)
{
    public TimeSpan Length => To - From;
}
