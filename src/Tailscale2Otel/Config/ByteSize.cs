using System.Globalization;

namespace Tailscale2Otel.Config;

/// <summary>Sizes for people: <c>64MiB</c>, <c>1.5 GB</c>, or plain bytes.</summary>
static class ByteSize
{
    static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("B", 1),
    ];

    /// <summary><c>64MiB</c> where it comes out even, else plain bytes.</summary>
    public static string Format(long bytes)
    {
        var (unit, factor) = Units.Take(4).LastOrDefault(u => bytes != 0 && bytes % u.Bytes == 0, ("", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }

    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        foreach (var (unit, factor) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;

            var number = text[..^unit.Length].TrimEnd();
            decimal value = 0;
            var good = number.Length <= 20
                && decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                && decimal.Abs(value) <= (decimal)long.MaxValue / factor;
            bytes = good ? (long)(value * factor) : 0;
            return good;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out bytes);
    }
}
