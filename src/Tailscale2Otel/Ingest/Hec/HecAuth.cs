using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Who may post. Tailscale has been seen to send the token as the password of Basic and bare, Splunk's clients write
/// <c>Splunk TOKEN</c>, other tools <c>Bearer TOKEN</c>; all are taken. Every comparison looks at every token and takes the
/// same time whether it fits or not. The token says whose records come: each belongs to one door.
/// </summary>
sealed class HecAuth(IReadOnlyList<HecDoor> doors, bool allowQuery)
{
    /// <summary>Longest header worth looking at; a token of some KB is a mistake.</summary>
    const int MaxHeader = 8192;

    /// <summary>From the first request on: before it nobody needs OpenSSL, which takes 6 MB.</summary>
    readonly Lazy<(HecDoor Door, byte[] Digest)[]> _tokens = new(() => [.. doors.SelectMany(d => d.Tokens.Select(t => (d, Digest(t.Reveal()))))]);

    /// <summary>Without one, only <see cref="OpenAccess"/> stands before the receiver.</summary>
    public bool HasTokens { get; } = doors.Any(d => d.Tokens.Count > 0);

    /// <summary>Null when the request may go on.</summary>
    /// <param name="at">The door that the path leads to; null when the token alone decides.</param>
    /// <param name="door">The one that the token opens.</param>
    public HecReply? Check(HttpRequest request, HecDoor? at, out HecDoor? door)
    {
        var refusal = Check(request, out door);
        return refusal is null && at is not null && at != door ? HecReply.InvalidToken : refusal;
    }

    HecReply? Check(HttpRequest request, out HecDoor? door)
    {
        door = null;
        var query = request.Query["token"];
        if (query.Count > 0 && !allowQuery)
            return IsKnown(query[0], out _) ? HecReply.QueryToken : HecReply.InvalidToken;

        var header = request.Headers.Authorization;
        if (StringValues.IsNullOrEmpty(header))
            return query.Count == 0 ? HecReply.TokenRequired : query.Count == 1 && IsKnown(query[0], out door) ? null : HecReply.InvalidToken;
        if (header.Count > 1 || header[0]!.Length > MaxHeader)
            return HecReply.InvalidAuthorization;

        var value = header[0]!.Trim();
        return value.Length == 0 ? HecReply.TokenRequired : CheckHeader(value, out door);
    }

    HecReply? CheckHeader(string value, out HecDoor? door)
    {
        if (IsKnown(value, out door))
            return null;

        var space = value.IndexOf(' ');
        if (space < 0)
            return HecReply.InvalidAuthorization;

        var credential = value[(space + 1)..].Trim();
        var scheme = value[..space];
        if (scheme.Equals("Splunk", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return IsKnown(credential, out door) ? null : HecReply.InvalidToken;
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? CheckBasic(credential, out door) : HecReply.InvalidAuthorization;
    }

    /// <summary>The password is the token, whoever the user; or the user is, with no password.</summary>
    HecReply? CheckBasic(string credential, out HecDoor? door)
    {
        door = null;
        var bytes = new byte[credential.Length];
        if (!Convert.TryFromBase64String(credential, bytes, out var length))
            return HecReply.InvalidAuthorization;

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        var user = colon < 0 ? text : text[..colon];
        var password = colon < 0 ? "" : text[(colon + 1)..];
        return IsKnown(password.Length > 0 ? password : user, out door) ? null : HecReply.InvalidToken;
    }

    bool IsKnown(string? candidate, out HecDoor? door)
    {
        var digest = Digest(candidate ?? "");
        door = null;
        foreach (var token in _tokens.Value)
            door = CryptographicOperations.FixedTimeEquals(digest, token.Digest) ? token.Door : door;
        return door is not null;
    }

    /// <summary>Digests are of one length, so that the comparison does not tell the token's.</summary>
    static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
