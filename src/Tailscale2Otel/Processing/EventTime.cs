using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

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
    const int FractionDigits = 9;

    /// <summary>What the last of so many fraction digits counts.</summary>
    static readonly int[] Scales = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

    /// <summary>RFC 3339 with any offset and any number of fraction digits; those past the ninth are cut off.</summary>
    public static bool TryParseRfc3339(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        if (!(TwoDigits(text, 0, out var century) & TwoDigits(text, 2, out var year) & TwoDigits(text, 5, out var month) & TwoDigits(text, 8, out var day)
            & TwoDigits(text, 11, out var hour) & TwoDigits(text, 14, out var minute) & TwoDigits(text, 17, out var second)))
            return false;

        year += century * 100;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TwoDigits(ReadOnlySpan<byte> text, int at, out int value)
    {
        var tens = (uint)(text[at] - '0');
        var ones = (uint)(text[at + 1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 & ones <= 9;
    }

    static bool Fraction(ReadOnlySpan<byte> text, out long nanoseconds, out int used)
    {
        nanoseconds = 0;
        used = 0;
        if (text[0] != '.')
            return true;

        for (used = 1; used < text.Length && (uint)(text[used] - '0') is <= 9 and var digit; used++)
        {
            if (used <= FractionDigits)
                nanoseconds = (nanoseconds * 10) + digit;
        }

        nanoseconds *= Scales[Math.Min(used - 1, FractionDigits)];
        return used > 1;
    }

    static bool Offset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        if (!TwoDigits(text, 1, out var hours) || !TwoDigits(text, 4, out var minutes) || hours > 23 || minutes > 59)
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
