using System.CommandLine.Parsing;
using System.Globalization;

namespace Tailscale2Otel.Cli;

/// <summary>Checks a count by its text: a validator that asks for the value of what is no number ends in an exception.</summary>
static class WholeNumber
{
    public static void Require(OptionResult result, int most)
    {
        if (result.Tokens is [var only] && !(int.TryParse(only.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most))
            result.AddError($"{result.Option.Name} takes a number from 1 to {most}");
    }
}
