using System.CommandLine;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>An option that takes a duration as the configuration does.</summary>
static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan? byDefault) => new(name)
    {
        Description = byDefault is { } value ? $"{description} [default: {GoDuration.Format(value)}]" : description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var value) && value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue)
                return value;

            result.AddError($"{name} takes {GoDuration.Examples}");
            return null;
        },
    };
}
