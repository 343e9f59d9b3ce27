using System.Net.Http.Headers;
using System.Security.Authentication;
using Polly.Timeout;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// Which failures are repeated and which are the data's. The OTLP specification ("Failures", OTLP/HTTP and OTLP/gRPC) names the
/// retryable ones; where it says that all others must not be repeated, it means that the data should be dropped, which this
/// daemon does only when the data is at fault. So the rest is divided: refusals of data, mistakes of an operator (repeated
/// until somebody mends them), and those that could be either.
/// </summary>
static class OtlpRetry
{
    /// <summary>Longest wait that a backend can ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>Shortest, so that <c>Retry-After: 0</c> is no busy loop.</summary>
    public static readonly TimeSpan MinRetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>RFC 9113, section 7: the server speaks only HTTP/1.1, so it is no gRPC endpoint.</summary>
    const long Http11Required = 0xD;

    public static OtlpDecision Http(int status) => status switch
    {
        >= 200 and < 300 => OtlpDecision.Accepted,
        // 429, 502, 503, 504 by the specification; 408 and 425 say "again" by their own definition.
        408 or 425 or 429 or 502 or 503 or 504 => OtlpDecision.Retry,
        400 or 413 or 422 => OtlpDecision.Split,
        // Redirects are not followed, since credentials would go with them: the endpoint must name the real address.
        >= 300 and < 400 => OtlpDecision.RetryLoudly,
        401 or 402 or 403 or 404 or 405 or 407 or 410 or 411 or 415 or 421 or 426 or 431 or 501 or 505 or 511 => OtlpDecision.RetryLoudly,
        _ => OtlpDecision.Ask,
    };

    /// <param name="hasRetryInfo">The details hold <c>google.rpc.RetryInfo</c>.</param>
    public static OtlpDecision Grpc(int code, bool hasRetryInfo) => code switch
    {
        0 => OtlpDecision.Accepted,
        // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
        1 or 4 or 10 or 11 or 14 or 15 => OtlpDecision.Retry,
        // RESOURCE_EXHAUSTED: with RetryInfo the backend throttles; without, the message may also be too large.
        8 => hasRetryInfo ? OtlpDecision.Retry : OtlpDecision.Ask,
        // INVALID_ARGUMENT.
        3 => OtlpDecision.Split,
        // NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED.
        5 or 7 or 12 or 16 => OtlpDecision.RetryLoudly,
        // UNKNOWN, ALREADY_EXISTS, FAILED_PRECONDITION, INTERNAL, and numbers that do not exist.
        _ => OtlpDecision.Ask,
    };

    /// <summary>
    /// No answer, or none that is HTTP. A certificate that does not fit and a server that speaks something else are an operator's
    /// mistakes, everything else may pass. In the middle of a request its size may be the matter: the link is too slow for it within
    /// the time limit, or the backend refused it by its head, which over HTTP/1.1 is not seen before all of it is written.
    /// </summary>
    /// <param name="isHalfSent">Writing the request had begun and not come to its end.</param>
    public static OtlpDecision NoAnswer(Exception exception, bool isHalfSent)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (IsMistake(inner))
                return OtlpDecision.RetryLoudly;
        }

        return isHalfSent ? OtlpDecision.Ask : OtlpDecision.Retry;
    }

    public static string HttpErrorType(int status) => status switch
    {
        401 or 403 => "unauthenticated",
        429 => "rate_limited",
        408 or 504 => "timeout",
        502 or 503 => "unavailable",
        >= 400 and < 500 => "invalid",
        _ => "other",
    };

    public static string GrpcErrorType(int code) => code switch
    {
        1 => "canceled",
        3 or 9 or 11 => "invalid",
        4 => "timeout",
        7 or 16 => "unauthenticated",
        8 => "rate_limited",
        14 => "unavailable",
        _ => "other",
    };

    public static string ErrorType(Exception exception) => exception switch
    {
        TimeoutRejectedException or TimeoutException => "timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse } => "other",
        HttpRequestException or IOException => "unavailable",
        _ => "other",
    };

    /// <summary>RFC 9110, section 10.2.3: seconds, or a date.</summary>
    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        header?.Delta is { } delta ? Bounded(delta) : header?.Date is { } date ? Bounded(date - now) : null;

    static bool IsMistake(Exception exception) => exception
        is AuthenticationException
        or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError }
        or HttpProtocolException { ErrorCode: Http11Required };

    public static TimeSpan Bounded(TimeSpan wait) =>
        wait < MinRetryAfter ? MinRetryAfter : wait > MaxRetryAfter ? MaxRetryAfter : wait;
}
