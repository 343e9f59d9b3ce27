using System.Text;
using System.Text.Json;

namespace Tailscale2Otel.Tailscale;

/// <summary>Where a credential is exchanged for an access token: OAuth client credentials (RFC 6749, section 4.4) or a workload's identity.</summary>
sealed class TokenEndpoint(TailnetSettings tailnet, ApiTransport transport, ApiMetrics metrics, ErrorText errors, TimeProvider time)
{
    const string OauthPath = "/api/v2/oauth/token";
    const string ExchangePath = "/api/v2/oauth/token-exchange";
    const int MaxAnswerBytes = 65_536;
    const int MaxFileBytes = 65_536;

    /// <summary>Tailscale's tokens live for an hour. One that says nothing, or nonsense, is asked for again soon.</summary>
    static readonly TimeSpan UnknownLife = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    readonly ApiAuthOptions _auth = tailnet.Auth;

    string Path => _auth.Method == ApiAuthMethod.WorkloadIdentity ? ExchangePath : OauthPath;

    /// <summary>Throws only for cancellation.</summary>
    public async Task<TokenReply> FetchAsync(CancellationToken cancellation)
    {
        if (_auth.Method != ApiAuthMethod.WorkloadIdentity)
            return await PostAsync(ClientCredentials(), cancellation);
        var (token, problem) = await IdentityTokenAsync(cancellation);
        if (problem.Length > 0)
            return TokenReply.Failed(new ApiFault(ApiFaultKind.Credential, 0, problem));
        errors.AddToken(token);
        return await PostAsync([new("client_id", _auth.WorkloadIdentity.ClientId), new("jwt", token)], cancellation);
    }

    /// <summary>RFC 3986, section 2.3 and what base64 adds: what a token in a header may consist of.</summary>
    public static bool IsToken(string text) => text.Length is > 0 and <= 16_384 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    List<KeyValuePair<string, string>> ClientCredentials()
    {
        List<KeyValuePair<string, string>> form = [new("grant_type", "client_credentials"), new("client_secret", _auth.Oauth.ClientSecret!.Reveal())];
        if (_auth.Oauth.ClientId.Length > 0)
            form.Add(new("client_id", _auth.Oauth.ClientId));
        if (_auth.Oauth.Scopes.Count > 0)
            form.Add(new("scope", string.Join(' ', _auth.Oauth.Scopes)));
        return form;
    }

    async Task<(string Token, string Problem)> IdentityTokenAsync(CancellationToken cancellation)
    {
        const string Key = "auth.workload_identity.id_token_file";
        try
        {
            await using var file = File.OpenRead(_auth.WorkloadIdentity.IdTokenFile);
            var buffer = new byte[MaxFileBytes + 1];
            var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            var token = Encoding.UTF8.GetString(buffer, 0, Math.Min(read, MaxFileBytes)).Trim();
            return read > MaxFileBytes || !IsToken(token) ? ("", $"{Key} holds no token: it must be one word of at most 16 KiB") : (token, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ("", $"{Key} cannot be read ({e.GetType().Name}); check that the file is there and readable");
        }
    }

    async Task<TokenReply> PostAsync(IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(tailnet.ApiUrl, Path)) { Content = new FormUrlEncodedContent(form) };
        var (response, fault) = await transport.SendAsync(request, cancellation);
        using (response)
        {
            var reply = response is null ? NoAnswer(fault!) : await ReadAsync(response, cancellation);
            metrics.Called(Path, response is null ? 0 : (int)response.StatusCode, time.GetElapsedTime(started));
            return reply;
        }
    }

    TokenReply NoAnswer(ApiFault fault) => TokenReply.Failed(new ApiFault(ApiFaultKind.Token, 0, $"POST {Path}: {fault.Detail}"));

    async Task<TokenReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            var said = await transport.ErrorAsync(response, errors, cancellation);
            return Refused(status, said, ApiRetry.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow()));
        }

        using var body = transport.Open(response, MaxAnswerBytes, cancellation);
        using var bytes = await SmallBody.ReadAsync(body);
        if (body.Fault is { } fault)
            return NoAnswer(fault);
        if (Decode(bytes.Memory) is not { } token)
            return Refused(status, "", null);
        errors.AddToken(token.Token);
        return token;
    }

    TokenReply Refused(int status, string said, TimeSpan? retryAfter) =>
        TokenReply.Failed(new ApiFault(ApiFaultKind.Token, status, ApiWords.TokenRefused(Path, status, _auth.Method, said), retryAfter));

    static TokenReply? Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var token = LenientJson.Text(json.RootElement, "access_token");
            return IsToken(token) ? new TokenReply(token, LifeOf(LenientJson.Number(json.RootElement, "expires_in")), null) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static TimeSpan LifeOf(double? seconds) =>
        seconds is not > 0 ? UnknownLife
        : seconds < ShortestLife.TotalSeconds ? ShortestLife
        : seconds > LongestLife.TotalSeconds ? LongestLife
        : TimeSpan.FromSeconds(seconds.Value);
}
