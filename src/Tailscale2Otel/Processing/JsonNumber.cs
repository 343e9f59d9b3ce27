using System.Globalization;

namespace Tailscale2Otel.Processing;

/// <summary>Whole numbers of JSON, bare or quoted, over the whole range of unsigned 64 bits.</summary>
static class JsonNumber
{
    /// <param name="text">For example <c>12</c>, <c>-1</c>, <c>1e3</c> or <c>5.0</c>.</param>
    /// <param name="negative">The number is below zero; <paramref name="value"/> is then 0.</param>
    /// <returns>False when it is not a whole number or does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value, out bool negative)
    {
        value = 0;
        negative = false;
        if (text.IsEmpty)
            return false;
        if (text.Length > 19)
            return TryParseOther(text, out value, out negative);

        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
                return TryParseOther(text, out value, out negative);
            value = (value * 10) + digit;
        }

        return true;
    }

    static bool TryParseOther(ReadOnlySpan<byte> text, out ulong value, out bool negative)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = 0;
        negative = false;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number))
            return false;

        negative = number < 0;
        if (number != decimal.Truncate(number) || number > ulong.MaxValue)
            return false;
        if (!negative)
            value = (ulong)number;
        return true;
    }
}
