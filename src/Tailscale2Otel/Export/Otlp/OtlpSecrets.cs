using System.Buffers.Text;
using System.Text;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// What requests to one backend carry to identify themselves. Backends and proxies like to quote what they refuse: in their words
/// each header's value becomes <c>***</c>, whole, behind its scheme and, of Basic authentication, decoded; so does the query of the
/// address, where some backends want a key.
/// </summary>
sealed class OtlpSecrets
{
    const string Hidden = "***";

    /// <summary>Shorter ones are words that messages need, and give nothing away that is worth hiding.</summary>
    const int Shortest = 4;

    readonly IReadOnlyList<string> _secrets;

    public OtlpSecrets(OtlpTarget target) =>
        // A longer one may contain a shorter one.
        _secrets =
        [
            .. target.Headers.Values.SelectMany(h => Forms(h.Reveal().Trim())).Concat(QueryForms(target.Endpoint.Query))
                .Where(s => s.Length >= Shortest).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length),
        ];

    /// <param name="words">Of <see cref="ResponseReader.Words(string)"/>: where they were cut they may end with the beginning of a secret.</param>
    public string Hide(string words)
    {
        var isCut = words.Length == ResponseReader.MaxMessage;
        foreach (var secret in _secrets)
            words = words.Replace(secret, Hidden, StringComparison.Ordinal);
        return isCut ? HideBeginning(words) : words;
    }

    string HideBeginning(string words)
    {
        foreach (var secret in _secrets)
        {
            for (var length = Math.Min(secret.Length - 1, words.Length); length >= Shortest; length--)
            {
                if (words.AsSpan().EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                    return string.Concat(words.AsSpan(0, words.Length - length), Hidden);
            }
        }

        return words;
    }

    static IEnumerable<string> QueryForms(string query) => query.TrimStart('?').Split('&')
        .Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..])
        .SelectMany(v => (string[])[v, Uri.UnescapeDataString(v)])
        .Append(query.TrimStart('?'));

    static IEnumerable<string> Forms(string value)
    {
        yield return value;
        var credentials = value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        yield return credentials;
        if (!value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || !Base64.IsValid(credentials))
            yield break;

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(credentials));
        yield return pair;
        yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
