namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Client credentials and workload identity for an access token.</summary>
sealed class TokenEndpoints(ControlPlaneCredentials credentials, ControlPlaneSettings settings, AccessTokens tokens)
{
    /// <summary><c>POST /api/v2/oauth/token</c>. The client is in the form or, as OAuth libraries try it first, in a Basic header.</summary>
    public async Task TokenAsync(HttpContext context)
    {
        if (await FormAsync(context) is not { } form)
            return;
        var (basicId, basicSecret) = AccessTokens.Basic(context.Request.Headers.Authorization.ToString());
        var id = form["client_id"].ToString() is { Length: > 0 } given ? given : basicId;
        var secret = form["client_secret"].ToString() is { Length: > 0 } givenSecret ? givenSecret : basicSecret;
        if (form["grant_type"].ToString() is not ("" or "client_credentials"))
        {
            await ApiAnswers.RefuseInTextAsync(context, StatusCodes.Status400BadRequest, "unsupported grant_type");
            return;
        }

        if (secret != credentials.ClientSecret.Reveal() || (id.Length > 0 && id != credentials.ClientId))
        {
            await ApiAnswers.RefuseInTextAsync(context, StatusCodes.Status401Unauthorized, "invalid client credentials");
            return;
        }

        var client = new ScopeSet(settings.ClientScopes);
        var asked = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (asked.FirstOrDefault(scope => !client.Covers(scope)) is { } missing)
        {
            await ApiAnswers.RefuseInTextAsync(context, StatusCodes.Status400BadRequest, $"the client does not have the scope {missing}");
            return;
        }

        await IssueAsync(context, asked.Length > 0 ? new ScopeSet(asked) : client);
    }

    /// <summary><c>POST /api/v2/oauth/token-exchange</c>.</summary>
    public async Task ExchangeAsync(HttpContext context)
    {
        if (await FormAsync(context) is not { } form)
            return;
        if (form["client_id"].ToString() != credentials.FederatedClientId || form["jwt"].ToString().Length == 0)
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "unknown client or no jwt");
        else if (form["jwt"].ToString() != credentials.Jwt.Reveal())
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, "the identity token is not accepted for this client");
        else
            await IssueAsync(context, new ScopeSet(settings.FederatedScopes));
    }

    Task IssueAsync(HttpContext context, ScopeSet scopes)
    {
        var token = tokens.Issue(scopes);
        return ApiAnswers.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("access_token", token);
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", (int)AccessTokens.Life.TotalSeconds);
            json.WriteString("scope", scopes.ToString());
            json.WriteEndObject();
        });
    }

    static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            try
            {
                return await context.Request.ReadFormAsync(context.RequestAborted);
            }
            catch (InvalidDataException)
            {
                // Answered below.
            }
        }

        await ApiAnswers.RefuseInTextAsync(context, StatusCodes.Status400BadRequest, "the body is not application/x-www-form-urlencoded");
        return null;
    }
}
