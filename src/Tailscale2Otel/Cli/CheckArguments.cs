using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel check</c> says.</summary>
/// <param name="Config">Also one with errors: the answer says so.</param>
/// <param name="Timeout">Of the whole check.</param>
/// <param name="Environment">Decides with the configuration where the spool is.</param>
sealed record CheckArguments(LoadedConfig Config, TimeSpan Timeout, IReadOnlyDictionary<string, string> Environment)
{
    public bool Json { get; init; }
}
