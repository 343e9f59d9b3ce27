using System.Buffers.Text;
using System.Globalization;

namespace Tailscale2Otel.Processing;

/// <summary>
/// The one reader and writer of time stamps in records, in Unix nanoseconds and without allocation: the platform's types hold
/// 100 ns and round or cut depending on which of them reads. 0 stands for unknown, and for every time before 1970: Go writes a
/// time that was never set as year 1.
/// </summary>
static class EventTime
{
    public const long NanosecondsPerSecond = 1_000_000_000;
    public const int MaxTextLength = 30;

    const long SecondsPerDay = 86_400;
    const int LastYear = 2261;

    /// <summary>RFC 3339 with any offset and any number of fraction digits; those past the ninth are cut off.</summary>
    public static bool TryParseRfc3339(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day) ||
            !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second))
            return false;
        if (month is < 1 or > 12 || day < 1 || year < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;
        if (!Fraction(text[19..], out var fraction, out var used) || !Offset(text[(19 + used)..], out var offset))
            return false;
        if (year > LastYear)
            return false;

        var seconds = (DaysSinceEpoch(year, month, day) * SecondsPerDay) + (hour * 3600) + (minute * 60) + second - offset;
        nanoseconds = seconds < 0 ? 0 : (seconds * NanosecondsPerSecond) + fraction;
        return true;
    }

    /// <summary>A positive count since 1970 as JSON number text; its magnitude tells seconds, milli-, micro- and nanoseconds apart.</summary>
    public static bool TryParseUnix(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
            return false;

        var scaled = value switch
        {
            < 100_000_000_000m => value * 1_000_000_000m,
            < 100_000_000_000_000m => value * 1_000_000m,
            < 100_000_000_000_000_000m => value * 1_000m,
            _ => value,
        };
        if (scaled <= 0 || scaled > long.MaxValue)
            return false;

        nanoseconds = (long)scaled;
        return true;
    }

    /// <summary>RFC 3339 in UTC, the fraction without trailing zeros; at most <see cref="MaxTextLength"/> bytes.</summary>
    public static int Format(long nanoseconds, Span<byte> destination)
    {
        var ticks = DateTime.UnixEpoch.Ticks + (nanoseconds / 100);
        _ = Utf8Formatter.TryFormat(new DateTime(ticks - (ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc), destination, out _, 'O');

        var length = 19;
        var fraction = nanoseconds % NanosecondsPerSecond;
        if (fraction != 0)
        {
            destination[19] = (byte)'.';
            for (var i = 28; i >= 20; i--, fraction /= 10)
                destination[i] = (byte)('0' + (fraction % 10));
            length = destination[..29].LastIndexOfAnyExcept((byte)'0') + 1;
        }

        destination[length] = (byte)'Z';
        return length + 1;
    }

    static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }

    static bool Fraction(ReadOnlySpan<byte> text, out long nanoseconds, out int used)
    {
        nanoseconds = 0;
        used = 0;
        if (text[0] != '.')
            return true;

        var scale = NanosecondsPerSecond;
        for (used = 1; used < text.Length && char.IsAsciiDigit((char)text[used]); used++)
        {
            scale /= 10;
            nanoseconds += (text[used] - '0') * scale;
        }

        return used > 1;
    }

    static bool Offset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        if (!Digits(text[1..3], out var hours) || !Digits(text[4..], out var minutes) || hours > 23 || minutes > 59)
            return false;

        seconds = ((hours * 3600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Counts in years that begin in March, so that the leap day is the last one.</summary>
    static long DaysSinceEpoch(int year, int month, int day)
    {
        var y = month > 2 ? year : year - 1;
        var m = month > 2 ? month - 3 : month + 9;
        return (365L * y) + (y / 4) - (y / 100) + (y / 400) + (((153 * m) + 2) / 5) + day - 1 - 719_468;
    }
}
