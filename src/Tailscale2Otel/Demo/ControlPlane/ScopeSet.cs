namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The scopes of a token. <c>all</c> covers everything, <c>all:read</c> every reading one, and a scope its own reading.</summary>
sealed class ScopeSet(IEnumerable<string> scopes)
{
    const string Read = ":read";

    readonly HashSet<string> _scopes = [.. scopes];

    public bool Covers(string scope) =>
        _scopes.Contains("all")
        || _scopes.Contains(scope)
        || (scope.EndsWith(Read, StringComparison.Ordinal) && (_scopes.Contains("all:read") || _scopes.Contains(scope[..^Read.Length])));

    public override string ToString() => string.Join(' ', _scopes);
}
