using System.Globalization;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo;

/// <summary>Which values the demo takes.</summary>
static class DemoLimits
{
    public const int MaxNodes = 100_000;
    public const int MaxRate = 1_000_000;

    static readonly TimeSpan MaxDuration = TimeSpan.FromDays(30);

    /// <summary>What is wrong with the values, each with what is allowed; empty when nothing is.</summary>
    public static IReadOnlyList<string> Problems(DemoArguments arguments)
    {
        var problems = new List<string>();
        if (arguments.Nodes is < SimulatedTailnet.MinNodes or > MaxNodes)
            problems.Add(Invariant($"--nodes: {arguments.Nodes} is not between {SimulatedTailnet.MinNodes} and {MaxNodes}"));
        // Not a number is not in the range either.
        if (!(arguments.Rate > 0 && arguments.Rate <= MaxRate))
            problems.Add(Invariant($"--rate: {arguments.Rate} is not more than 0 and at most {MaxRate} records per second"));
        if (arguments.Duration <= TimeSpan.Zero || arguments.Duration > MaxDuration)
            problems.Add(Invariant($"--duration: {arguments.Duration} is not more than 0 and at most {MaxDuration.TotalHours}h; without it the demo runs until Ctrl-C"));
        if (arguments.Otlp is { } otlp && !(otlp.IsAbsoluteUri && otlp.Scheme is "http" or "https"))
            problems.Add(Invariant($"--otlp: {otlp} is not an http:// or https:// URL"));
        return problems;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
