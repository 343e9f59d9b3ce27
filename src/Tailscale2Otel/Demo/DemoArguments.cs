using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo;

/// <summary>What the command line of <c>tailscale2otel demo</c> says.</summary>
sealed record DemoArguments
{
    public const int MaxNodes = 100_000;
    public const int MaxRate = 1_000_000;

    /// <summary>Nodes of the simulated tailnet.</summary>
    public int Nodes { get; init; } = 12;

    /// <summary>Records per second, flow and audit together.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>How long records are sent; null until Ctrl-C.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The same seed makes the same tailnet.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A real backend; null writes what would leave to the console.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>What is wrong with the values, each with what is allowed; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Nodes is < SimulatedTailnet.MinNodes or > MaxNodes)
            problems.Add($"--nodes: {Nodes} is not between {SimulatedTailnet.MinNodes} and {MaxNodes}");
        if (!(Rate > 0 && Rate <= MaxRate))
            problems.Add($"--rate: {Rate} is not more than 0 and at most {MaxRate} records per second");
        if (Duration <= TimeSpan.Zero || Duration > TimeSpan.FromDays(30))
            problems.Add($"--duration: {Duration} is not between a moment and 30 days; leave it out to run until Ctrl-C");
        if (Otlp is not null && !(Otlp.IsAbsoluteUri && Otlp.Scheme is "http" or "https"))
            problems.Add($"--otlp: {Otlp} is not an http:// or https:// URL");
        return problems;
    }
}
