using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Who may post. Tailscale has been seen to send the token as the password of Basic and bare, Splunk's clients write
/// <c>Splunk TOKEN</c>, other tools <c>Bearer TOKEN</c>; all are taken. Every comparison looks at every token and takes the
/// same time whether it fits or not.
/// </summary>
sealed class HecAuth(IReadOnlyList<Secret> tokens, bool allowQuery)
{
    /// <summary>Longest header worth looking at; a token of some KB is a mistake.</summary>
    const int MaxHeader = 8192;

    readonly byte[][] _digests = [.. tokens.Select(t => Digest(t.Reveal()))];

    /// <summary>Without one, only <see cref="OpenAccess"/> stands before the receiver.</summary>
    public bool HasTokens => _digests.Length > 0;

    /// <summary>Null when the request may go on.</summary>
    public HecReply? Check(HttpRequest request)
    {
        if (!HasTokens)
            return null;

        var query = request.Query["token"];
        if (query.Count > 0 && !allowQuery)
            return IsKnown(query[0]) ? HecReply.QueryToken : HecReply.InvalidToken;

        var header = request.Headers.Authorization;
        if (StringValues.IsNullOrEmpty(header))
            return query.Count == 0 ? HecReply.TokenRequired : query.Count == 1 && IsKnown(query[0]) ? null : HecReply.InvalidToken;
        if (header.Count > 1 || header[0]!.Length > MaxHeader)
            return HecReply.InvalidAuthorization;

        var value = header[0]!.Trim();
        return value.Length == 0 ? HecReply.TokenRequired : CheckHeader(value);
    }

    HecReply? CheckHeader(string value)
    {
        if (IsKnown(value))
            return null;

        var space = value.IndexOf(' ');
        if (space < 0)
            return HecReply.InvalidAuthorization;

        var credential = value[(space + 1)..].Trim();
        var scheme = value[..space];
        if (scheme.Equals("Splunk", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return IsKnown(credential) ? null : HecReply.InvalidToken;
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? CheckBasic(credential) : HecReply.InvalidAuthorization;
    }

    /// <summary>The password is the token, whoever the user; or the user is, with no password.</summary>
    HecReply? CheckBasic(string credential)
    {
        var bytes = new byte[credential.Length];
        if (!Convert.TryFromBase64String(credential, bytes, out var length))
            return HecReply.InvalidAuthorization;

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        var user = colon < 0 ? text : text[..colon];
        var password = colon < 0 ? "" : text[(colon + 1)..];
        return IsKnown(password.Length > 0 ? password : user) ? null : HecReply.InvalidToken;
    }

    bool IsKnown(string? candidate)
    {
        var digest = Digest(candidate ?? "");
        var known = false;
        foreach (var token in _digests)
            known |= CryptographicOperations.FixedTimeEquals(digest, token);
        return known;
    }

    /// <summary>Digests are of one length, so that the comparison does not tell the token's.</summary>
    static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
