using System.Text;
using System.Text.RegularExpressions;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// Text that Tailscale or the far end of a stream wrote, made fit for a log line: one line, bounded, and without credentials,
/// those of this daemon as well as what looks like anybody's.
/// </summary>
static partial class StreamErrorText
{
    public const int MaxLength = 300;

    const string Hidden = "***";

    /// <summary>Longer text is cut before anything looks at it.</summary>
    const int MaxExamined = 4096;

    public static string Clean(string text, IEnumerable<Secret> secrets)
    {
        text = text.Length > MaxExamined ? text[..MaxExamined] : text;
        foreach (var secret in secrets.Where(s => !s.IsEmpty))
            text = text.Replace(secret.Reveal(), Hidden, StringComparison.Ordinal);

        text = Credentials().Replace(text, "${scheme} " + Hidden);
        text = Keys().Replace(text, Hidden);
        text = Named().Replace(text, "${name}${is}" + Hidden);
        text = UserInfo().Replace(text, "://");
        text = Queries().Replace(text, "${url}?" + Hidden);
        return Cut(OneLine(text));
    }

    public static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";

    /// <summary>Control characters and what turns the direction of writing become blanks, and runs of blanks one.</summary>
    static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var isBlank = char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
            if (!isBlank)
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().Trim();
    }

    [GeneratedRegex(@"\b(?<scheme>Splunk|Bearer|Basic)\s+[\w\-.~+/=]{6,}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"\btskey-[\w\-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Keys();

    [GeneratedRegex(@"(?<name>token|password|secret|api[_-]?key|access[_-]?key(?:[_-]?id)?)(?<is>""?\s*[=:]\s*""?)[^\s""&,;]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@"://[^\s/?#@]*@", RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<url>https?://[^\s?#""]*)[?#][^\s""]*", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Queries();
}
