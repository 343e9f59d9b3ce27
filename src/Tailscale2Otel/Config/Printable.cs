using System.Text.RegularExpressions;

namespace Tailscale2Otel.Config;

/// <summary>Makes a foreign text fit to be shown: one line, bounded, without a password or key that hides in a URL.</summary>
static partial class Printable
{
    const int MaxLength = 120;

    public static string Value(string text) => OneLine(WithoutCredentials(text));

    /// <summary><c>https://user:pass@host/x?api_key=key</c> becomes <c>https://***@host/x?api_key=***</c>.</summary>
    public static string WithoutCredentials(string text) => Query().Replace(UserInfo().Replace(text, "$1***@"), "$1***");

    static string OneLine(string text)
    {
        var cut = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
        return string.Create(cut.Length, cut, static (span, value) =>
        {
            for (var i = 0; i < value.Length; i++)
                span[i] = char.IsControl(value[i]) ? ' ' : value[i];
        });
    }

    // Greedy up to the last @ of the authority: a password may contain one.
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://)[^/?#\s]*@")]
    private static partial Regex UserInfo();

    // By its name: other parameters, as in ?mode=json, are for the operator to see.
    [GeneratedRegex(@"([?&][^=&#\s]*(?:key|token|secret|pass|auth|sig|cred)[^=&#\s]*=)[^&#\s""']+", RegexOptions.IgnoreCase)]
    private static partial Regex Query();
}
