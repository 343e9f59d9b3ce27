using System.Net;
using System.Net.Http.Headers;

namespace Tailscale2Otel.Tailscale;

/// <summary>One attempt: asks for a token, sends, follows within the same origin, and says what the answer's head means.</summary>
sealed class ApiSender(TailnetSettings tailnet, ApiTransport transport, TokenSource? tokens, ErrorText errors, ApiMetrics metrics, TimeProvider time) : IDisposable
{
    const int MaxRedirects = 3;

    static readonly MediaTypeHeaderValue Json = new("application/json");

    readonly RateLimit _limit = new(tailnet.Http.RateLimit, time);

    /// <summary>An answer with a body to read, or a fault; never both. Throws only for cancellation.</summary>
    public async Task<(HttpResponseMessage? Response, ApiFault? Fault)> SendAsync(ApiCall call, CancellationToken cancellation)
    {
        while (true)
        {
            await WaitForTurnAsync(call, cancellation);
            var token = tokens is null ? FixedToken() : await tokens.GetAsync(cancellation);
            if (token.Fault is { } none)
                return (null, none);

            var (response, fault) = await FollowAsync(call, token.Token, cancellation);
            if (response is null)
                return (null, fault);

            call.Status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.NotFound && call.Request.IsMissingFine))
                return (response, null);

            using (response)
            {
                if (!IsWorthAnotherToken(call, response, token.Token))
                    return (null, await FaultOfAsync(response, cancellation));
                metrics.Retried(call.Operation.Path);
            }
        }
    }

    public void Dispose()
    {
        _limit.Dispose();
        tokens?.Dispose();
        transport.Dispose();
    }

    async ValueTask WaitForTurnAsync(ApiCall call, CancellationToken cancellation)
    {
        if (!_limit.IsOn)
            return;
        var since = time.GetTimestamp();
        await _limit.WaitAsync(cancellation);
        metrics.Waited(call.Operation.Path, time.GetElapsedTime(since));
    }

    TokenReply FixedToken() =>
        tailnet.Auth is { Method: ApiAuthMethod.Apikey, Apikey: { IsEmpty: false } key } && TokenEndpoint.IsToken(key.Reveal())
            ? new TokenReply(key.Reveal(), Timeout.InfiniteTimeSpan, null)
            : TokenReply.Failed(new ApiFault(ApiFaultKind.Credential, 0, "no credential is set; see docs/tailscale-api.md"));

    /// <summary>A token can be revoked before its end: then, once in a call, there is another.</summary>
    bool IsWorthAnotherToken(ApiCall call, HttpResponseMessage response, string token)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized || tokens is null)
            return false;
        tokens.Reject(token);
        var isFirst = !call.IsRenewed;
        call.IsRenewed = true;
        return isFirst;
    }

    async Task<ApiFault> FaultOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var said = await transport.ErrorAsync(response, errors, cancellation);
        return new ApiFault(ApiFaultKind.Status, status, said, ApiRetry.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow()));
    }

    /// <summary>By hand, because the credential goes with it: to the configured origin and nowhere else.</summary>
    async Task<(HttpResponseMessage? Response, ApiFault? Fault)> FollowAsync(ApiCall call, string token, CancellationToken cancellation)
    {
        var uri = new Uri(tailnet.ApiUrl, call.Operation.PathOf(tailnet.ApiName, call.Request.Device) + call.Request.Query);
        for (var redirects = 0; ; redirects++)
        {
            using var request = Create(call, uri, token);
            var (response, fault) = await transport.SendAsync(request, cancellation);
            if (response is null || !IsRedirect(response.StatusCode))
                return (response, fault);

            using (response)
            {
                call.Status = (int)response.StatusCode;
                if (Target(uri, response, out var problem) is not { } target)
                    return (null, Redirect(response, problem));
                if (call.Operation.Method != HttpMethod.Get)
                    return (null, Redirect(response, "a redirect, which is followed only for what changes nothing"));
                if (redirects == MaxRedirects)
                    return (null, Redirect(response, $"more than {MaxRedirects} redirects after each other"));
                uri = target;
            }
        }
    }

    Uri? Target(Uri from, HttpResponseMessage response, out string problem)
    {
        problem = "a redirect that does not say where";
        if (response.Headers.Location is not { } location || !Uri.TryCreate(from, location, out var target))
            return null;
        if (IsSameOrigin(target))
            return target;
        problem = $"a redirect to another origin ({errors.Clean($"{target.Scheme}://{target.Host}")}), which is not followed, because the credential would go there; check tailscale.api_url";
        return null;
    }

    bool IsSameOrigin(Uri target) =>
        target.Scheme == tailnet.ApiUrl.Scheme && target.Port == tailnet.ApiUrl.Port && target.IdnHost.Equals(tailnet.ApiUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    static ApiFault Redirect(HttpResponseMessage response, string detail) => new(ApiFaultKind.Redirect, (int)response.StatusCode, detail);

    static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    static HttpRequestMessage Create(ApiCall call, Uri uri, string token)
    {
        var request = new HttpRequestMessage(call.Operation.Method, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (call.Request.Body is { } body)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        return request;
    }
}
