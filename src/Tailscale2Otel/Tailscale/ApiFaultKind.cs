namespace Tailscale2Otel.Tailscale;

/// <summary>How an attempt failed.</summary>
enum ApiFaultKind
{
    /// <summary>An answer with a status that is no success.</summary>
    Status,

    /// <summary>No connection, or it broke before an answer's head.</summary>
    NoAnswer,

    /// <summary>Nothing came for as long as an attempt waits, or the whole call took too long.</summary>
    TimedOut,

    /// <summary>The answer broke off or is not what it should be.</summary>
    BrokenAnswer,

    /// <summary>The answer, or one record in it, is over the limit.</summary>
    TooLarge,

    /// <summary>The server points to another place, and the credential does not go there.</summary>
    Redirect,

    /// <summary>The token endpoint did not give a token.</summary>
    Token,

    /// <summary>There is nothing to authenticate with here: no credential, or its file cannot be read.</summary>
    Credential,

    /// <summary>The request cannot be made of what was asked for.</summary>
    Argument,
}
