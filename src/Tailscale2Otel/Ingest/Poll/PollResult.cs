using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How a run of a poller ended.</summary>
/// <param name="Failure">Null when it did what it should.</param>
/// <param name="AgainAfter">There is more to fetch at once: the wait before it, in place of the interval.</param>
readonly record struct PollResult(PollFailure? Failure, TimeSpan? AgainAfter = null)
{
    public static PollResult Done => default;

    public static PollResult Again(TimeSpan after) => new(null, after);

    public static PollResult Failed(ApiFailure failure) => new(PollFailure.Of(failure));

    public static PollResult Failed(PollFailure failure) => new(failure);
}
