using System.Globalization;

namespace Tailscale2Otel.Processing;

/// <summary>
/// The <c>time</c> of a HEC envelope to Unix nanoseconds. Splunk means seconds; senders also send milliseconds, microseconds
/// and nanoseconds, and the magnitude tells them apart without doubt from March 1973 on.
/// </summary>
static class HecTime
{
    const decimal FirstMilliseconds = 1e11m;
    const decimal FirstMicroseconds = 1e14m;
    const decimal FirstNanoseconds = 1e17m;

    /// <param name="number">A number in JSON's or anybody's spelling; decimal, so that no digit is lost.</param>
    /// <returns>False for what is not a number, not positive or past the year 2262.</returns>
    public static bool TryParse(ReadOnlySpan<byte> number, out long nanoseconds)
    {
        nanoseconds = 0;
        if (number.Length > 64 || !decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value <= 0)
            return false;

        var perUnit = value < FirstMilliseconds ? 1_000_000_000m : value < FirstMicroseconds ? 1_000_000m : value < FirstNanoseconds ? 1_000m : 1m;
        if (value > long.MaxValue / perUnit)
            return false;

        nanoseconds = (long)(value * perUnit);
        return nanoseconds > 0;
    }
}
