using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Config;

/// <summary>Durations as Go writes them: <c>500ms</c>, <c>60s</c>, <c>1h30m</c>, <c>-1.5h</c>, <c>0</c>.</summary>
static class GoDuration
{
    public const string Examples = "a duration such as 500ms, 60s, 5m or 1h30m";

    static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m),
        ("us", 10),
        ("µs", 10),
        ("μs", 10),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Rounds to 100 ns, the grain of a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan result)
    {
        result = default;
        var negative = text is ['-', ..];
        var rest = text is ['-' or '+', ..] ? text[1..] : text;
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;

        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadNumber(ref rest, out var number) || !TryReadUnit(ref rest, out var unit) || number > (long.MaxValue - ticks) / unit)
                return false;

            ticks += number * unit;
        }

        var whole = (long)decimal.Round(ticks);
        result = new TimeSpan(negative ? -whole : whole);
        return true;
    }

    /// <summary>Without the units that are zero: <c>1h30m</c> and not <c>1h30m0s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
            return "0s";
        if (value == TimeSpan.MinValue)
            return "-" + Format(TimeSpan.MaxValue);

        var text = new StringBuilder(value < TimeSpan.Zero ? "-" : "");
        var ticks = Math.Abs(value.Ticks);
        Take(text, ref ticks, TimeSpan.TicksPerHour, "h");
        Take(text, ref ticks, TimeSpan.TicksPerMinute, "m");
        Take(text, ref ticks, TimeSpan.TicksPerSecond, "s");
        Take(text, ref ticks, TimeSpan.TicksPerMillisecond, "ms");
        Take(text, ref ticks, 10, "µs");
        if (ticks > 0)
            text.Append(ticks * 100).Append("ns");
        return text.ToString();
    }

    static void Take(StringBuilder text, ref long ticks, long unit, string name)
    {
        var (whole, rest) = Math.DivRem(ticks, unit);
        if (whole > 0)
            text.Append(whole).Append(name);
        ticks = rest;
    }

    static bool TryReadNumber(ref ReadOnlySpan<char> rest, out decimal number)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiDigit(rest[length]) || rest[length] == '.'))
            length++;

        // Bounded: what a decimal cannot hold is no duration either.
        number = 0;
        var good = length <= 24 && decimal.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
        rest = rest[length..];
        return good;
    }

    static bool TryReadUnit(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        var length = 0;
        while (length < rest.Length && char.IsLetter(rest[length]))
            length++;

        var unit = rest[..length];
        rest = rest[length..];
        foreach (var (name, value) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                ticks = value;
                return true;
            }
        }

        ticks = 0;
        return false;
    }
}
