using Tailscale2Otel.Config;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel replay</c> says. An empty list means any.</summary>
sealed record ReplayArguments(LoadedConfig Config, string Directory)
{
    /// <summary>A record must be behind all of them.</summary>
    public IReadOnlyList<ReplayBound> From { get; init; } = [];

    /// <summary>A record must be before all of them.</summary>
    public IReadOnlyList<ReplayBound> To { get; init; } = [];

    public IReadOnlyList<RecordSource> Sources { get; init; } = [];

    public IReadOnlyList<RecordSignal> Signals { get; init; } = [];

    public IReadOnlyList<string> Tailnets { get; init; } = [];

    /// <summary>Another backend than the configured one.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Most records a second; null is as fast as the backend takes them.</summary>
    public int? Rate { get; init; }

    /// <summary>Also what the daemon has not delivered yet.</summary>
    public bool Undelivered { get; init; }

    public bool DryRun { get; init; }

    public bool Quiet { get; init; }
}
