using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class ApiWordsTests
{
    [TestCase("Status", 403, "", "GET /api/v2/tailnet/-/logging/network answered 403: not available on this plan or scope; give the credential the scope logs:network:read (network flow logs need the Premium or Enterprise plan)")]
    [TestCase("Status", 401, "go away", "GET /api/v2/tailnet/-/logging/network answered 401: the credential was rejected; it is wrong, expired or revoked, make a new one. It said: go away")]
    [TestCase("Status", 404, "", "GET /api/v2/tailnet/-/logging/network answered 404: the tailnet or device is not there, or it has no network flow logs; check tailscale.tailnet (network flow logs need the Premium or Enterprise plan)")]
    [TestCase("Status", 429, "", "GET /api/v2/tailnet/-/logging/network answered 429: too many requests; set tailscale.http.rate_limit or longer intervals")]
    [TestCase("Status", 502, "", "GET /api/v2/tailnet/-/logging/network answered 502: a failure on the server's side")]
    [TestCase("Status", 400, "", "GET /api/v2/tailnet/-/logging/network answered 400: the request was refused")]
    [TestCase("NoAnswer", 0, "no connection to the server", "GET /api/v2/tailnet/-/logging/network got no answer: no connection to the server")]
    [TestCase("TimedOut", 0, "nothing came for 30 s", "GET /api/v2/tailnet/-/logging/network took too long: nothing came for 30 s")]
    [TestCase("BrokenAnswer", 200, "it is not JSON", "GET /api/v2/tailnet/-/logging/network got an answer that cannot be read: it is not JSON")]
    [TestCase("TooLarge", 200, "over 5 bytes", "GET /api/v2/tailnet/-/logging/network got an answer that is too large: over 5 bytes")]
    [TestCase("Redirect", 302, "a redirect to another origin", "GET /api/v2/tailnet/-/logging/network answered 302: a redirect to another origin")]
    [TestCase("Token", 401, "POST /api/v2/oauth/token answered 401", "GET /api/v2/tailnet/-/logging/network was not sent, there is no access token: POST /api/v2/oauth/token answered 401")]
    [TestCase("Credential", 0, "no credential is set", "GET /api/v2/tailnet/-/logging/network was not sent, there is no access token: no credential is set")]
    [TestCase("Argument", 0, "the device's ID is none", "GET /api/v2/tailnet/-/logging/network was not sent: the device's ID is none")]
    public void A_failure_says_what_was_asked_what_came_and_what_to_do(string kind, int status, string detail, string expected) =>
        Assert.That(ApiWords.Message(ApiOperation.NetworkLogs, "-", new ApiFault(Enum.Parse<ApiFaultKind>(kind), status, detail)), Is.EqualTo(expected));

    [TestCase("Oauth", 401, "check auth.oauth: client_id, client_secret, and that the client has every scope in scopes")]
    [TestCase("WorkloadIdentity", 400, "check auth.workload_identity: client_id, and that id_token_file holds a token that is still good")]
    [TestCase("WorkloadIdentity", 403, "the identity provider's token was refused; check its issuer, subject and audience against the federated credential")]
    [TestCase("Oauth", 503, "no token for now")]
    [TestCase("Oauth", 200, "it holds no token that can be used")]
    public void A_refused_token_names_the_keys(string method, int status, string advice) =>
        Assert.That(ApiWords.TokenRefused("/p", status, Enum.Parse<ApiAuthMethod>(method), ""), Is.EqualTo($"POST /p answered {status}: {advice}"));

    [Test]
    public void An_operation_for_every_plan_does_not_speak_of_plans() =>
        Assert.That(ApiWords.Message(ApiOperation.Devices, "example.com", new ApiFault(ApiFaultKind.Status, 403, "")), Is.EqualTo(
            "GET /api/v2/tailnet/example.com/devices answered 403: not available on this plan or scope; give the credential the scope devices:core:read"));

    [Test]
    public void Every_reason_for_no_answer_has_words([Values] HttpRequestError error) => Assert.That(ApiWords.NoAnswer(error), Is.Not.Empty);
}
