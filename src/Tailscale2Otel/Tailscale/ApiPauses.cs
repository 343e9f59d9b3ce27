namespace Tailscale2Otel.Tailscale;

/// <summary>
/// Where the server asked to be left alone for longer than a call waits, nothing is sent until then: everything after a 429, which is
/// about who asks, and the one operation after anything else. For concurrent use.
/// </summary>
sealed class ApiPauses(string tailnet, TimeProvider time)
{
    const int TooManyRequests = 429;

    readonly Lock _gate = new();
    readonly Dictionary<ApiOperation, Pause> _operations = [];
    Pause? _all;

    public void Begin(ApiOperation operation, ApiFailure failure)
    {
        if (failure.RetryAfter is not { } wait)
            return;
        var pause = new Pause(failure, time.GetTimestamp(), wait);
        lock (_gate)
        {
            if (failure.Status == TooManyRequests)
                _all = pause;
            else
                _operations[operation] = pause;
        }
    }

    /// <summary>Why it is not asked for now; null when it may be.</summary>
    public ApiFailure? Of(ApiOperation operation)
    {
        lock (_gate)
        {
            if (_all is { } all && Remaining(all) is { Ticks: > 0 } everything)
                return Failure(operation, all, everything);
            if (_operations.TryGetValue(operation, out var one) && Remaining(one) is { Ticks: > 0 } rest)
                return Failure(operation, one, rest);
        }

        return null;
    }

    TimeSpan Remaining(Pause pause) => pause.Wait - time.GetElapsedTime(pause.Since);

    ApiFailure Failure(ApiOperation operation, Pause pause, TimeSpan remaining) =>
        pause.Failure with { Message = ApiWords.NotYet(operation, tailnet, pause.Failure, remaining), RetryAfter = remaining, MayBeSize = false };

    sealed record Pause(ApiFailure Failure, long Since, TimeSpan Wait);
}
