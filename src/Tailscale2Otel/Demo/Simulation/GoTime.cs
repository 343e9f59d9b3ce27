using System.Globalization;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Unix nanoseconds as Tailscale writes them: RFC 3339 in UTC, the fraction without trailing zeros.</summary>
static class GoTime
{
    public static string Format(long unixNanoseconds)
    {
        var (seconds, nanoseconds) = Math.DivRem(unixNanoseconds, 1_000_000_000L);
        var text = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return nanoseconds == 0 ? text + "Z" : text + "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0') + "Z";
    }
}
