using System.Globalization;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>A sealed file of keys, named by the positions that own the first and the last of them.</summary>
readonly record struct Generation(long First, long Last, int Count)
{
    public const string Suffix = ".keys";

    const int Digits = 19;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{First:D19}-{Last:D19}{Suffix}");

    public static bool TryParseName(string name, out long first, out long last)
    {
        first = last = 0;
        return name.Length == (2 * Digits) + 1 + Suffix.Length && name[Digits] == '-' && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && long.TryParse(name.AsSpan(Digits + 1, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out last);
    }
}
