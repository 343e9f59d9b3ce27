using System.Net.Http.Headers;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class ApiRetryTests
{
    static readonly DateTimeOffset Now = new(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);

    [TestCase(200, "Supported", false)]
    [TestCase(204, "Supported", false)]
    [TestCase(304, "RequestRejected", false)]
    [TestCase(400, "RequestRejected", false)]
    [TestCase(401, "CredentialRejected", false)]
    [TestCase(402, "RequestRejected", false)]
    [TestCase(403, "ScopeDenied", false)]
    [TestCase(404, "Disabled", false)]
    [TestCase(405, "RequestRejected", false)]
    [TestCase(408, "TransientFailure", true)]
    [TestCase(410, "RequestRejected", false)]
    [TestCase(422, "RequestRejected", false)]
    [TestCase(425, "TransientFailure", true)]
    [TestCase(429, "TransientFailure", true)]
    [TestCase(500, "TransientFailure", true)]
    [TestCase(501, "TransientFailure", true)]
    [TestCase(502, "TransientFailure", true)]
    [TestCase(503, "TransientFailure", true)]
    [TestCase(504, "TransientFailure", true)]
    [TestCase(599, "TransientFailure", true)]
    public void A_status_means_a_state_and_whether_it_is_repeated(int status, string state, bool isRepeated) =>
        Check(ApiFaultKind.Status, status, state, isRepeated);

    [TestCase("TimedOut", 0, true)]
    [TestCase("TimedOut", 429, false)]
    [TestCase("BrokenAnswer", 200, true)]
    [TestCase("Status", 500, true)]
    [TestCase("Status", 504, true)]
    [TestCase("Status", 429, false)]
    [TestCase("Status", 403, false)]
    [TestCase("NoAnswer", 0, false)]
    [TestCase("Token", 500, false)]
    public void Asking_for_less_may_help_where_the_server_had_the_question(string kind, int status, bool expected)
    {
        var fault = new ApiFault(Enum.Parse<ApiFaultKind>(kind), status, "");

        Assert.That(ApiRetry.MayBeSize(fault), Is.EqualTo(expected));
        Assert.That(ApiRetry.MayBeSize(fault with { WasSent = true }), Is.EqualTo(expected || kind == "NoAnswer"));
    }

    [TestCase("NoAnswer", 0, "TransientFailure", true)]
    [TestCase("TimedOut", 0, "TransientFailure", true)]
    [TestCase("TimedOut", 200, "TransientFailure", true)]
    [TestCase("BrokenAnswer", 200, "TransientFailure", true)]
    [TestCase("TooLarge", 200, "TransientFailure", false)]
    [TestCase("Redirect", 302, "RequestRejected", false)]
    [TestCase("Argument", 0, "RequestRejected", false)]
    [TestCase("Credential", 0, "CredentialRejected", false)]
    [TestCase("Token", 0, "TransientFailure", true)]
    [TestCase("Token", 200, "TransientFailure", true)]
    [TestCase("Token", 302, "CredentialRejected", false)]
    [TestCase("Token", 400, "CredentialRejected", false)]
    [TestCase("Token", 401, "CredentialRejected", false)]
    [TestCase("Token", 403, "CredentialRejected", false)]
    [TestCase("Token", 404, "CredentialRejected", false)]
    [TestCase("Token", 429, "TransientFailure", true)]
    [TestCase("Token", 503, "TransientFailure", true)]
    public void Another_fault_means_a_state_and_whether_it_is_repeated(string kind, int status, string state, bool isRepeated) =>
        Check(Enum.Parse<ApiFaultKind>(kind), status, state, isRepeated);

    [Test]
    public void Every_kind_of_fault_is_in_the_tables()
    {
        var kinds = typeof(ApiRetryTests).GetMethod(nameof(Another_fault_means_a_state_and_whether_it_is_repeated))!
            .GetCustomAttributes(typeof(TestCaseAttribute), false).Select(c => (string)((TestCaseAttribute)c).Arguments[0]!).Append("Status").Distinct();

        Assert.That(kinds, Is.EquivalentTo(Enum.GetNames<ApiFaultKind>()));
    }

    [TestCase("0", 0)]
    [TestCase("7", 7)]
    [TestCase("Mon, 27 Jul 2026 12:00:30 GMT", 30)]
    [TestCase("Mon, 27 Jul 2026 11:00:00 GMT", 0)]
    [TestCase("999999999", 3600)]
    [TestCase("Fri, 27 Jul 2029 12:00:00 GMT", 3600)]
    public void Retry_after_is_seconds_or_a_date_and_has_an_end(string header, int seconds) =>
        Assert.That(ApiRetry.RetryAfter(RetryConditionHeaderValue.Parse(header), Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test]
    public void Without_the_header_the_server_asks_for_nothing() => Assert.That(ApiRetry.RetryAfter(null, Now), Is.Null);

    [TestCase(0, 0.0, 500)]
    [TestCase(0, 1.0, 1000)]
    [TestCase(1, 1.0, 2000)]
    [TestCase(3, 0.5, 4250)]
    [TestCase(4, 1.0, 10_000)]
    [TestCase(1000, 1.0, 10_000)]
    [TestCase(1000, 0.0, 500)]
    public void The_wait_grows_between_base_and_longest(int retries, double random, int milliseconds) =>
        Assert.That(ApiRetry.Delay(new ApiRetryOptions(), retries, random).TotalMilliseconds, Is.EqualTo(milliseconds).Within(1));

    static void Check(ApiFaultKind kind, int status, string state, bool isRepeated)
    {
        Assert.That(ApiRetry.State(kind, status).ToString(), Is.EqualTo(state));
        Assert.That(ApiRetry.IsRepeated(new ApiFault(kind, status, "")), Is.EqualTo(isRepeated));
    }
}
