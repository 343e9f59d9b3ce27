using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Gives tokens out and recognises them; each is good for an hour by the server's clock. Thread-safe.</summary>
sealed class AccessTokens(ControlPlaneCredentials credentials, ControlPlaneClock clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    static readonly ScopeSet Everything = new(["all"]);

    readonly Lock _gate = new();
    readonly Dictionary<string, (ScopeSet Scopes, DateTimeOffset ExpiresAt)> _tokens = new(StringComparer.Ordinal);

    public string Issue(ScopeSet scopes)
    {
        var token = $"tskey-api-k{Draw(5)}CNTRL-{Draw(16)}";
        var now = clock.Now;
        lock (_gate)
        {
            foreach (var expired in _tokens.Where(t => t.Value.ExpiresAt <= now).Select(t => t.Key).ToArray())
                _tokens.Remove(expired);
            _tokens.Add(token, (scopes, now + Life));
        }

        return token;
    }

    /// <summary>What the bearer may do; null for who is not known or not any more.</summary>
    /// <param name="authorization">The header: Bearer, or Basic with the token as user.</param>
    public ScopeSet? Scopes(string authorization)
    {
        var token = TokenOf(authorization);
        if (token == credentials.ApiKey.Reveal())
            return Everything;
        lock (_gate)
            return _tokens.TryGetValue(token, out var known) && known.ExpiresAt > clock.Now ? known.Scopes : null;
    }

    /// <summary>Forgets the token of a header before its time.</summary>
    public void Revoke(string authorization)
    {
        lock (_gate)
            _tokens.Remove(TokenOf(authorization));
    }

    /// <summary>Forgets all tokens before their time.</summary>
    public void RevokeAll()
    {
        lock (_gate)
            _tokens.Clear();
    }

    /// <summary>User and password of a Basic header; empty for anything else.</summary>
    public static (string User, string Password) Basic(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return ("", "");
        var bytes = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            return ("", "");
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return (parts[0], parts.ElementAtOrDefault(1) ?? "");
    }

    static string TokenOf(string authorization) =>
        AuthenticationHeaderValue.TryParse(authorization, out var header) && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter ?? ""
            : Basic(authorization).User;

    static string Draw(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
