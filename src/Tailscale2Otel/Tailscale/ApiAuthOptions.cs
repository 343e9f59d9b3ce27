using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>The credential for the Tailscale API.</summary>
sealed class ApiAuthOptions : IConfigSection
{
    /// <summary>Kind of credential; one is used when its values are set.</summary>
    public ApiAuthMethod Method { get; set; } = ApiAuthMethod.Oauth;

    /// <summary>An OAuth client, which does not expire and has only the scopes that it was given.</summary>
    public OauthOptions Oauth { get; set; } = new();

    /// <summary>An API access token (<c>tskey-api-…</c>). It expires within 90 days and has all rights of its owner.</summary>
    public Secret? Apikey { get; set; }

    /// <summary>A workload's own identity in place of a secret.</summary>
    public WorkloadIdentityOptions WorkloadIdentity { get; set; } = new();

    /// <summary>Whether there is anything to authenticate with.</summary>
    public bool IsSet => Method switch
    {
        ApiAuthMethod.Apikey => Apikey is { IsEmpty: false },
        ApiAuthMethod.WorkloadIdentity => WorkloadIdentity.IdTokenFile.Length > 0,
        _ => Oauth.ClientSecret is { IsEmpty: false },
    };
}
