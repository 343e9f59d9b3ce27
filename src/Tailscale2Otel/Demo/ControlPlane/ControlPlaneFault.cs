namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>One thing that goes wrong with one request; made by the methods below.</summary>
sealed record ControlPlaneFault
{
    public required FaultKind Kind { get; init; }

    /// <summary>Of <see cref="FaultKind.Answer"/>.</summary>
    public int Status { get; init; }

    /// <summary>Of <see cref="FaultKind.Answer"/>.</summary>
    public string Body { get; init; } = "";

    public string ContentType { get; init; } = "application/json";

    /// <summary>The answer's <c>Retry-After</c>; null when it has none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>As a date by the server's clock and not as seconds.</summary>
    public bool IsRetryAfterDate { get; init; }

    public string Location { get; init; } = "";

    /// <summary>Bytes of the body until it goes wrong; in a shorter body it goes wrong at the end.</summary>
    public long Bytes { get; init; }

    /// <summary>Before each piece of <see cref="Bytes"/>.</summary>
    public TimeSpan Pause { get; init; }

    public static ControlPlaneFault TooManyRequests(TimeSpan? retryAfter = null, bool asDate = false) =>
        Answers(StatusCodes.Status429TooManyRequests, """{"message":"rate limit exceeded"}""") with { RetryAfter = retryAfter, IsRetryAfterDate = asDate };

    /// <param name="status">For example 403, 404, 500 or 502.</param>
    public static ControlPlaneFault Refuses(int status) => Answers(status, $$"""{"message":"simulated {{status}}"}""");

    /// <summary>Any answer, for example a page of a proxy with status 200.</summary>
    public static ControlPlaneFault Answers(int status, string body, string contentType = "application/json") =>
        new() { Kind = FaultKind.Answer, Status = status, Body = body, ContentType = contentType };

    public static ControlPlaneFault Redirects(Uri location, int status = StatusCodes.Status302Found) =>
        Answers(status, "") with { Location = location.ToString() };

    public static ControlPlaneFault RevokesToken() => new() { Kind = FaultKind.TokenRevoked };

    public static ControlPlaneFault Resets() => new() { Kind = FaultKind.Reset };

    public static ControlPlaneFault SaysNothing() => new() { Kind = FaultKind.Silence };

    public static ControlPlaneFault StopsAfter(long bytes) => new() { Kind = FaultKind.BodyStops, Bytes = bytes };

    public static ControlPlaneFault CutsAfter(long bytes) => new() { Kind = FaultKind.BodyCut, Bytes = bytes };

    public static ControlPlaneFault IsShortAfter(long bytes) => new() { Kind = FaultKind.BodyShort, Bytes = bytes };

    public static ControlPlaneFault IsSlow(long bytes, TimeSpan pause) => new() { Kind = FaultKind.BodySlow, Bytes = bytes, Pause = pause };
}
