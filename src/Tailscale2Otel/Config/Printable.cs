using System.Text.RegularExpressions;

namespace Tailscale2Otel.Config;

/// <summary>Makes a foreign text fit to be shown: one line, bounded, without a password that hides in a URL.</summary>
static partial class Printable
{
    const int MaxLength = 120;

    public static string Value(string text) => OneLine(WithoutCredentials(text));

    /// <summary><c>https://user:pass@host</c> becomes <c>https://***@host</c>.</summary>
    public static string WithoutCredentials(string text) => UserInfo().Replace(text, "$1***@");

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
}
