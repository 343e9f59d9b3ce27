namespace Tailscale2Otel.Tailscale;

/// <summary>Why a call to the API came to nothing.</summary>
/// <param name="Status">The last HTTP status; 0 when there was none.</param>
/// <param name="Message">Endpoint, status, scope needed and what to do; never a credential and never what the server said unbounded.</param>
/// <param name="RetryAfter">How long the server asked to be left alone, when that is longer than the call waits itself.</param>
/// <param name="IsTooLarge">The answer was over the limit for its size.</param>
/// <param name="MayBeSize">It took too long, broke off or failed at the server: asking for less may help.</param>
sealed record ApiFailure(ApiState State, int Status, string Message, TimeSpan? RetryAfter = null, bool IsTooLarge = false, bool MayBeSize = false)
{
    /// <summary>A state that lasts until somebody changes something, and no accident: to be told once and not at each call.</summary>
    public bool IsLasting => State is ApiState.Disabled or ApiState.ScopeDenied;
}
