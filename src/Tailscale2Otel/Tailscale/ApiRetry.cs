using System.Net.Http.Headers;

namespace Tailscale2Otel.Tailscale;

/// <summary>What a failed attempt means, whether it is repeated, and when.</summary>
static class ApiRetry
{
    /// <summary>Longest wait that the server can ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    public static ApiState State(ApiFaultKind kind, int status) => kind switch
    {
        ApiFaultKind.Status => StateOf(status),
        ApiFaultKind.Redirect or ApiFaultKind.Argument => ApiState.RequestRejected,
        ApiFaultKind.Credential => ApiState.CredentialRejected,
        // An answer of the token endpoint that is a 4xx is about the credential, whichever it is; 2xx is one that makes no sense.
        ApiFaultKind.Token => status is >= 300 and < 500 && StateOf(status) != ApiState.TransientFailure ? ApiState.CredentialRejected : ApiState.TransientFailure,
        _ => ApiState.TransientFailure,
    };

    public static ApiState StateOf(int status) => status switch
    {
        >= 200 and < 300 => ApiState.Supported,
        401 => ApiState.CredentialRejected,
        403 => ApiState.ScopeDenied,
        404 => ApiState.Disabled,
        // 408 and 425 say "again" by their own definition.
        408 or 425 or 429 or >= 500 => ApiState.TransientFailure,
        _ => ApiState.RequestRejected,
    };

    /// <summary>An answer that is too large is so the next time too.</summary>
    public static bool IsRepeated(ApiFault fault) =>
        fault.Kind != ApiFaultKind.TooLarge && State(fault.Kind, fault.Status) == ApiState.TransientFailure;

    /// <summary>Not a connection that was never made, and not too many requests: those say nothing of how much was asked for.</summary>
    public static bool MayBeSize(ApiFault fault) => fault.Kind switch
    {
        ApiFaultKind.TimedOut => fault.Status != 429,
        ApiFaultKind.BrokenAnswer => true,
        ApiFaultKind.NoAnswer => fault.WasSent,
        ApiFaultKind.Status => fault.Status is 408 or >= 500,
        _ => false,
    };

    /// <summary>RFC 9110, section 10.2.3: seconds, or a date.</summary>
    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        if ((header?.Delta ?? (header?.Date - now)) is not { } wait)
            return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > MaxRetryAfter ? MaxRetryAfter : wait;
    }

    /// <summary>The wait before an attempt: from the base to twice the one before at most, so that clients spread.</summary>
    /// <param name="retries">How many there were before; 0 for the first.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan Delay(ApiRetryOptions options, int retries, double random)
    {
        var shortest = Smaller(options.BaseDelay, options.MaxDelay);
        var longest = Smaller(options.BaseDelay * Math.Pow(2, Math.Min(retries, 30) + 1), options.MaxDelay);
        return shortest + ((longest - shortest) * random);
    }

    static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
