using System.Globalization;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Unix nanoseconds as Tailscale writes and reads them: RFC 3339, the fraction without trailing zeros.</summary>
static class GoTime
{
    const int FractionDigits = 9;

    /// <summary>In UTC.</summary>
    public static string Format(long unixNanoseconds)
    {
        var (seconds, nanoseconds) = Math.DivRem(unixNanoseconds, 1_000_000_000L);
        var text = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return nanoseconds == 0 ? text + "Z" : text + "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0') + "Z";
    }

    /// <summary>With <c>Z</c> or an offset; digits of a fraction past the ninth are cut off. Times far from today are brought into range.</summary>
    public static bool TryParse(string text, out long unixNanoseconds)
    {
        unixNanoseconds = 0;
        var rest = text.Length > 19 ? text[19..] : "";
        var fraction = "";
        if (rest.StartsWith('.'))
        {
            var digits = rest.AsSpan(1).IndexOfAnyExceptInRange('0', '9');
            if (digits < 1)
                return false;
            fraction = rest[1..(1 + digits)];
            rest = rest[(1 + digits)..];
        }

        string[] forms = rest == "Z" ? ["yyyy-MM-ddTHH:mm:ssZ"] : ["yyyy-MM-ddTHH:mm:sszzz"];
        if ((rest != "Z" && rest.Length != 6)
            || !DateTimeOffset.TryParseExact(text.AsSpan(0, 19).ToString() + rest, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seconds))
            return false;

        var nanoseconds = long.Parse(fraction.PadRight(FractionDigits, '0').AsSpan(0, FractionDigits), CultureInfo.InvariantCulture);
        var sum = (seconds.ToUnixTimeSeconds() * (Int128)1_000_000_000) + nanoseconds;
        unixNanoseconds = (long)Int128.Clamp(sum, 0, long.MaxValue);
        return true;
    }
}
