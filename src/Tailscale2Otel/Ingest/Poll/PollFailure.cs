using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Why a run came to nothing.</summary>
/// <param name="ErrorType">Value of <c>error.type</c>.</param>
/// <param name="Message">For an operator: what is wrong and what to do; no credential and no personal value.</param>
/// <param name="RetryAfter">How long the other end asked to be left alone.</param>
/// <param name="IsTold">The log has a line about it already, and will have one about its end.</param>
sealed record PollFailure(string ErrorType, string Message, PollRepeat Repeat = PollRepeat.Backoff, TimeSpan? RetryAfter = null, bool IsTold = false)
{
    /// <summary>The poller threw; the name is that of the Go project's dashboards.</summary>
    public const string Panic = "panic";

    /// <summary>One that the client met, which tells what becomes of each operation (<see cref="ApiStates"/>).</summary>
    public static PollFailure Of(ApiFailure failure) =>
        new(TypeOf(failure), failure.Message, failure.IsLasting ? PollRepeat.Rarely : PollRepeat.Backoff, failure.RetryAfter, IsTold: true);

    /// <summary>The spool takes nothing now, so that nothing is asked for.</summary>
    public static PollFailure Held(string message) => new("backpressure", message, PollRepeat.NextTick);

    static string TypeOf(ApiFailure failure) => failure.IsTooLarge ? "too_large" : failure.State switch
    {
        ApiState.Disabled => "disabled",
        ApiState.ScopeDenied => "scope_denied",
        ApiState.CredentialRejected => "credential_rejected",
        ApiState.RequestRejected => "request_rejected",
        ApiState.TransientFailure => "transient_failure",
        _ => "error",
    };
}
