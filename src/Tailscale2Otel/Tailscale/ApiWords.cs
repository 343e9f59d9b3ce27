using System.Globalization;

namespace Tailscale2Otel.Tailscale;

/// <summary>Failures in words: what was asked, what came, and what to do about it.</summary>
static class ApiWords
{
    public static string Message(ApiOperation operation, string tailnet, ApiFault fault)
    {
        var asked = operation.Shown(tailnet);
        return fault.Kind switch
        {
            ApiFaultKind.Status => $"{asked} answered {Number(fault.Status)}: {Advice(operation, fault.Status)}{Said(fault.Detail)}",
            ApiFaultKind.NoAnswer => $"{asked} got no answer: {fault.Detail}",
            ApiFaultKind.TimedOut => $"{asked} took too long: {fault.Detail}",
            ApiFaultKind.BrokenAnswer => $"{asked} got an answer that cannot be read: {fault.Detail}",
            ApiFaultKind.TooLarge => $"{asked} got an answer that is too large: {fault.Detail}",
            ApiFaultKind.Redirect => $"{asked} answered {Number(fault.Status)}: {fault.Detail}",
            ApiFaultKind.Token or ApiFaultKind.Credential => $"{asked} was not sent, there is no access token: {fault.Detail}",
            _ => $"{asked} was not sent: {fault.Detail}",
        };
    }

    /// <summary>What the token endpoint's refusal means.</summary>
    public static string TokenRefused(string path, int status, ApiAuthMethod method, string said) =>
        $"POST {path} answered {Number(status)}: {TokenAdvice(status, method)}{Said(said)}";

    public static string NotYet(ApiOperation operation, string tailnet, ApiFailure earlier, TimeSpan wait) =>
        $"{operation.Shown(tailnet)} was not sent: {After(earlier.Status)} the server is left alone for another {Seconds(wait)}";

    /// <summary>An exception of the platform says where it connected to and more; these are the words for what it means.</summary>
    public static string NoAnswer(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name of the server in tailscale.api_url cannot be resolved",
        HttpRequestError.ConnectionError => "no connection to the server; check the network, HTTPS_PROXY and tailscale.api_url",
        HttpRequestError.SecureConnectionError => "TLS with the server failed; is its certificate trusted here?",
        HttpRequestError.ProxyTunnelError => "the proxy does not let through; check HTTPS_PROXY and NO_PROXY",
        HttpRequestError.ResponseEnded => "the connection ended before the answer did",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => "the server does not speak HTTP as it should",
        HttpRequestError.ConfigurationLimitExceeded => "the head of the answer is too large",
        _ => "the connection broke",
    };

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    static string Advice(ApiOperation operation, int status) => status switch
    {
        401 => "the credential was rejected; it is wrong, expired or revoked, make a new one",
        403 => $"not available on this plan or scope; give the credential the scope {operation.Scope}{Plan(operation)}",
        404 => $"the tailnet or device is not there, or it has no {operation.Feature}; check tailscale.tailnet{Plan(operation)}",
        429 => "too many requests; set tailscale.http.rate_limit or longer intervals",
        >= 500 => "a failure on the server's side",
        _ => "the request was refused",
    };

    static string Plan(ApiOperation operation) => operation.Plan.Length == 0 ? "" : $" ({operation.Feature} need the {operation.Plan} plan)";

    static string TokenAdvice(int status, ApiAuthMethod method) => (ApiRetry.State(ApiFaultKind.Token, status), method) switch
    {
        (ApiState.TransientFailure, _) when status is >= 200 and < 300 => "it holds no token that can be used",
        (ApiState.TransientFailure, _) => "no token for now",
        (_, ApiAuthMethod.WorkloadIdentity) when status == 403 => "the identity provider's token was refused; check its issuer, subject and audience against the federated credential",
        (_, ApiAuthMethod.WorkloadIdentity) => "check auth.workload_identity: client_id, and that id_token_file holds a token that is still good",
        _ => "check auth.oauth: client_id, client_secret, and that the client has every scope in scopes",
    };

    static string After(int status) => status == 0 ? "after failures" : $"after it answered {Number(status)}";

    static string Said(string words) => words.Length == 0 ? "" : $". It said: {words}";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
