namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel demo</c> says.</summary>
sealed record DemoArguments
{
    /// <summary>Nodes of the simulated tailnet.</summary>
    public int Nodes { get; init; } = 12;

    /// <summary>Records per second, flow and audit together.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>How long records are sent; null until Ctrl-C.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The same seed makes the same tailnet.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether the tailnet's API is simulated too, for the daemon to ask.</summary>
    public bool Api { get; init; }

    /// <summary>A real backend; null writes what would leave to the console.</summary>
    public Uri? Otlp { get; init; }
}
