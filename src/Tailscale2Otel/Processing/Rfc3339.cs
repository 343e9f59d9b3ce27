namespace Tailscale2Otel.Processing;

/// <summary>RFC 3339 times to and from Unix nanoseconds, over UTF-8 text.</summary>
static class Rfc3339
{
    /// <summary>Longest text that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 30;

    const long NanosPerSecond = 1_000_000_000;

    /// <summary>
    /// Reads <c>2026-07-27T12:00:00.104512331Z</c>: any offset, any number of fraction digits (those after the ninth are cut off),
    /// <c>t</c>, <c>z</c> and a blank as section 5.6 allows. False for text of another form and for times that do not fit
    /// (before 1677 and after 2262), Go's zero time 0001-01-01 among them. A leap second is the second after it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' ||
            !(text[10] is (byte)'T' or (byte)'t' or (byte)' '))
            return false;

        if (!TryDigits(text, 0, 4, out var year) || !TryDigits(text, 5, 2, out var month) || !TryDigits(text, 8, 2, out var day) ||
            !TryDigits(text, 11, 2, out var hour) || !TryDigits(text, 14, 2, out var minute) || !TryDigits(text, 17, 2, out var second))
            return false;

        if (year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) ||
            hour > 23 || minute > 59 || second > 60)
            return false;

        var rest = text[19..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset))
            return false;

        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var seconds = days * 86_400L + hour * 3600 + minute * 60 + second - offset;
        nanoseconds = seconds * NanosPerSecond + fraction;
        return true;
    }

    /// <summary>Writes the time in UTC with as many fraction digits as it needs, as Go's RFC3339Nano does; returns the length.</summary>
    public static int Format(long nanoseconds, Span<byte> destination)
    {
        var seconds = Math.DivRem(nanoseconds, NanosPerSecond, out var fraction);
        if (fraction < 0)
        {
            seconds--;
            fraction += NanosPerSecond;
        }

        _ = DateTimeOffset.FromUnixTimeSeconds(seconds).TryFormat(destination, out var length, "yyyy-MM-dd'T'HH:mm:ss", null);
        if (fraction > 0)
        {
            destination[length++] = (byte)'.';
            for (var unit = NanosPerSecond / 10; fraction > 0; unit /= 10)
            {
                destination[length++] = (byte)('0' + fraction / unit);
                fraction %= unit;
            }
        }

        destination[length++] = (byte)'Z';
        return length;
    }

    static bool TryFraction(ref ReadOnlySpan<byte> rest, out long fraction)
    {
        fraction = 0;
        if (rest[0] != '.')
            return true;

        var digits = 0;
        var unit = NanosPerSecond / 10;
        for (rest = rest[1..]; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++, unit /= 10)
            fraction += (rest[digits] - '0') * unit;
        rest = rest[digits..];
        return digits > 0;
    }

    static bool TryOffset(ReadOnlySpan<byte> rest, out int seconds)
    {
        seconds = 0;
        if (rest.Length == 1)
            return rest[0] is (byte)'Z' or (byte)'z';
        if (rest.Length != 6 || rest[3] != ':' || !(rest[0] is (byte)'+' or (byte)'-') ||
            !TryDigits(rest, 1, 2, out var hours) || !TryDigits(rest, 4, 2, out var minutes) || hours > 23 || minutes > 59)
            return false;

        seconds = (hours * 3600 + minutes * 60) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    static bool TryDigits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        foreach (var digit in text.Slice(at, count))
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = value * 10 + digit - '0';
        }

        return true;
    }
}
