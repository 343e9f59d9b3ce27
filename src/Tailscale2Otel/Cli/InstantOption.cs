using System.CommandLine;
using System.Globalization;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>An option that takes a point in time, or how long ago it was.</summary>
static class InstantOption
{
    static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static Option<DateTimeOffset?> Create(string name, string description, TimeProvider time) => new(name)
    {
        Description = $"{description} A time such as 2026-07-27T12:00:00Z (UTC without a zone), or how long ago, such as 2h.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, time, out var value))
                return value;

            result.AddError($"{name} takes a time such as 2026-07-27T12:00:00Z, or how long ago, such as 90m or 2h");
            return null;
        },
    };

    public static bool TryParse(string text, TimeProvider time, out DateTimeOffset value)
    {
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value))
            return true;

        var now = time.GetUtcNow();
        var isAge = GoDuration.TryParse(text, out var ago) && ago >= TimeSpan.Zero && ago <= now - DateTimeOffset.UnixEpoch;
        value = isAge ? now - ago : default;
        return isAge;
    }
}
