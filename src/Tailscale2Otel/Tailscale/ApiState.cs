namespace Tailscale2Otel.Tailscale;

/// <summary>What is known of one API operation: <c>tailscale.api.state</c> in docs/signals.md.</summary>
enum ApiState
{
    /// <summary>Not asked yet, or the question was cancelled.</summary>
    Unknown,

    /// <summary>It answered.</summary>
    Supported,

    /// <summary>404: this tailnet has not got it.</summary>
    Disabled,

    /// <summary>403: the credential's scopes or the tailnet's plan do not cover it.</summary>
    ScopeDenied,

    /// <summary>401, or no token was to be had.</summary>
    CredentialRejected,

    /// <summary>429, 5xx, a network failure, or an answer that broke off or could not be read.</summary>
    TransientFailure,

    /// <summary>Another 4xx, or a redirect that is not followed.</summary>
    RequestRejected,
}
