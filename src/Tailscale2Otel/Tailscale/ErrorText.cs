using System.Text;
using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// Makes words of a server fit to be shown: short, on one line, and without anything that is a credential or looks like one, since
/// servers and proxies like to quote what they refuse.
/// </summary>
sealed partial class ErrorText
{
    /// <summary>Of an error body this much is looked at, and so much is shown.</summary>
    public const int ReadBytes = 8192;
    public const int ShownBytes = 512;

    const string Gone = "[removed]";

    /// <summary>Shorter ones are no credential, and would tear holes into every text.</summary>
    const int ShortestSecret = 4;

    /// <summary>Tokens that requests under way may still carry.</summary>
    const int MaxTokens = 8;

    readonly Lock _gate = new();
    readonly List<string> _secrets = [];
    readonly Queue<string> _tokens = [];

    /// <summary>A credential of the configuration.</summary>
    public void AddSecret(string secret)
    {
        if (secret.Length >= ShortestSecret)
            _secrets.Add(secret);
    }

    /// <summary>One that comes and goes.</summary>
    public void AddToken(string token)
    {
        if (token.Length < ShortestSecret)
            return;
        lock (_gate)
        {
            if (_tokens.Contains(token))
                return;
            _tokens.Enqueue(token);
            if (_tokens.Count > MaxTokens)
                _tokens.Dequeue();
        }
    }

    /// <param name="isCut">More followed, so that the last word may be the beginning of a credential.</param>
    public string Clean(ReadOnlySpan<byte> body, bool isCut) => Clean(Encoding.UTF8.GetString(body), isCut);

    public string Clean(string text, bool isCut = false)
    {
        if (isCut)
            text = LastWord().Replace(text, "");
        foreach (var secret in Secrets())
            text = text.Replace(secret, Gone, StringComparison.OrdinalIgnoreCase);
        text = Named().Replace(text, "$1" + Gone);
        text = CredentialLike().Replace(text, Gone);
        text = Address().Replace(text, Gone);
        text = Unprintable().Replace(text, " ").Trim();
        return Shorten(text);
    }

    /// <summary>The longest first, so that one within another leaves no rest.</summary>
    List<string> Secrets()
    {
        lock (_gate)
            return [.. _secrets.Concat(_tokens).OrderByDescending(s => s.Length)];
    }

    static string Shorten(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= ShownBytes)
            return text;
        var length = Math.Min(text.Length, ShownBytes);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > ShownBytes - 3)
            length--;
        if (char.IsHighSurrogate(text[length - 1]))
            length--;
        return text[..length] + "…";
    }

    [GeneratedRegex(@"[\w.~+/=-]+$")]
    private static partial Regex LastWord();

    [GeneratedRegex("""((?:access_token|refresh_token|id_token|client_secret|api_?key|authorization|password|secret|jwt)\\?["']?\s*[:=]\s*\\?["']?)(?:(?:Bearer|Basic)\s+)?[^\s"'&,;}\\]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    // Tailscale's keys; Bearer and Basic with what follows; JSON Web Tokens, whole or begun.
    [GeneratedRegex(@"tskey-[\w-]*|\b(?:Bearer|Basic)\s+[\w.~+/=-]+|\beyJ[\w-]*(?:\.[\w-]*)*", RegexOptions.IgnoreCase)]
    private static partial Regex CredentialLike();

    [GeneratedRegex("""[^\s"'<>@,;:(){}\[\]\\]+@[^\s"'<>@,;:(){}\[\]\\]+""")]
    private static partial Regex Address();

    // Control, format (direction marks among them), line and paragraph separators, surrogates without a partner, private use.
    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\uFFFD]+")]
    private static partial Regex Unprintable();
}
