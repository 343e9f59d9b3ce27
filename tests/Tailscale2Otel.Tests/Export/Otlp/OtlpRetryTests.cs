using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.Timeout;
using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpRetryTests
{
    static readonly DateTimeOffset Now = new(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Every status that has a meaning; what is not listed must be <see cref="OtlpDecision.Ask"/>.</summary>
    static readonly Dictionary<OtlpDecision, int[]> HttpTable = new()
    {
        [OtlpDecision.Accepted] = [.. Enumerable.Range(200, 100)],
        [OtlpDecision.Retry] = [408, 425, 429, 502, 503, 504],
        [OtlpDecision.Split] = [400, 413, 422],
        [OtlpDecision.RetryLoudly] = [.. Enumerable.Range(300, 100), 401, 402, 403, 404, 405, 407, 410, 411, 415, 421, 426, 431, 501, 505, 511],
    };

    [Test]
    public void Decides_every_HTTP_status([Range(200, 599)] int status)
    {
        var expected = HttpTable.Where(e => e.Value.Contains(status)).Select(e => e.Key).DefaultIfEmpty(OtlpDecision.Ask).Single();

        Assert.That(OtlpRetry.Http(status), Is.EqualTo(expected));
    }

    [TestCase(0, "Accepted", "Accepted")]
    [TestCase(1, "Retry", "Retry")]
    [TestCase(2, "Ask", "Ask")]
    [TestCase(3, "Split", "Split")]
    [TestCase(4, "Retry", "Retry")]
    [TestCase(5, "RetryLoudly", "RetryLoudly")]
    [TestCase(6, "Ask", "Ask")]
    [TestCase(7, "RetryLoudly", "RetryLoudly")]
    [TestCase(8, "Ask", "Retry")]
    [TestCase(9, "Ask", "Ask")]
    [TestCase(10, "Retry", "Retry")]
    [TestCase(11, "Retry", "Retry")]
    [TestCase(12, "RetryLoudly", "RetryLoudly")]
    [TestCase(13, "Ask", "Ask")]
    [TestCase(14, "Retry", "Retry")]
    [TestCase(15, "Retry", "Retry")]
    [TestCase(16, "RetryLoudly", "RetryLoudly")]
    [TestCase(17, "Ask", "Ask")]
    [TestCase(-1, "Ask", "Ask")]
    public void Decides_every_gRPC_status(int code, string without, string withRetryInfo)
    {
        Assert.That(
            (OtlpRetry.Grpc(code, hasRetryInfo: false).ToString(), OtlpRetry.Grpc(code, hasRetryInfo: true).ToString()),
            Is.EqualTo((without, withRetryInfo)));
    }

    /// <summary>What is decided when the request had been written, and when it was still being written.</summary>
    static IEnumerable<TestCaseData> Exceptions()
    {
        yield return new TestCaseData(new TimeoutRejectedException(), "Retry", "Ask", "timeout");
        yield return new TestCaseData(new HttpRequestException("refused", new SocketException(111)), "Retry", "Ask", "unavailable");
        yield return new TestCaseData(new HttpRequestException(HttpRequestError.NameResolutionError, "who"), "Retry", "Ask", "unavailable");
        yield return new TestCaseData(new HttpRequestException(HttpRequestError.ResponseEnded, "cut"), "Retry", "Ask", "unavailable");
        yield return new TestCaseData(new IOException("reset"), "Retry", "Ask", "unavailable");
        yield return new TestCaseData(new HttpRequestException("tls", new AuthenticationException("name")), "RetryLoudly", "RetryLoudly", "unavailable");
        yield return new TestCaseData(new HttpRequestException(HttpRequestError.InvalidResponse, "what"), "RetryLoudly", "RetryLoudly", "other");
    }

    [TestCaseSource(nameof(Exceptions))]
    public void Decides_what_no_answer_means(Exception exception, string decision, string halfSent, string errorType)
    {
        Assert.That(
            (OtlpRetry.NoAnswer(exception, isHalfSent: false).ToString(), OtlpRetry.NoAnswer(exception, isHalfSent: true).ToString(), OtlpRetry.ErrorType(exception)),
            Is.EqualTo((decision, halfSent, errorType)));
    }

    [TestCase("120", 120)]
    [TestCase("0", 0.5)]
    [TestCase("99999", 300)]
    [TestCase("Mon, 27 Jul 2026 12:00:30 GMT", 30)]
    [TestCase("Mon, 27 Jul 2026 11:00:00 GMT", 0.5)]
    [TestCase("Tue, 28 Jul 2026 12:00:00 GMT", 300)]
    public void Reads_Retry_After_within_bounds(string header, double seconds)
    {
        Assert.That(OtlpRetry.RetryAfter(RetryConditionHeaderValue.Parse(header), Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void Has_no_wait_without_Retry_After() => Assert.That(OtlpRetry.RetryAfter(null, Now), Is.Null);

    [TestCase(401, "unauthenticated")]
    [TestCase(403, "unauthenticated")]
    [TestCase(429, "rate_limited")]
    [TestCase(408, "timeout")]
    [TestCase(504, "timeout")]
    [TestCase(502, "unavailable")]
    [TestCase(503, "unavailable")]
    [TestCase(400, "invalid")]
    [TestCase(413, "invalid")]
    [TestCase(500, "other")]
    [TestCase(302, "other")]
    public void Names_the_class_of_an_HTTP_error(int status, string expected) => Assert.That(OtlpRetry.HttpErrorType(status), Is.EqualTo(expected));

    [TestCase(1, "canceled")]
    [TestCase(3, "invalid")]
    [TestCase(4, "timeout")]
    [TestCase(7, "unauthenticated")]
    [TestCase(8, "rate_limited")]
    [TestCase(13, "other")]
    [TestCase(14, "unavailable")]
    [TestCase(16, "unauthenticated")]
    public void Names_the_class_of_a_gRPC_error(int code, string expected) => Assert.That(OtlpRetry.GrpcErrorType(code), Is.EqualTo(expected));
}
