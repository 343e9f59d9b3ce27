using System.CommandLine;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Cli;

/// <summary>The <c>--config</c> option and what is loaded with it.</summary>
sealed class ConfigurationInput(IReadOnlyDictionary<string, string> environment)
{
    public Option<string?> Option { get; } = new("--config", "-c")
    {
        Description = $"YAML configuration file (or the variable {VariableName.ConfigFile}). Without one, defaults and variables hold.",
        HelpName = "FILE",
        Recursive = true,
    };

    public LoadedConfig Load(ParseResult arguments) =>
        new ConfigLoader(OptionTypes.Schema).Load(
            arguments.GetValue(Option) ?? environment.GetValueOrDefault(VariableName.ConfigFile),
            environment);

    /// <summary>True when there is no error; else all of them are printed.</summary>
    public static bool IsValid(LoadedConfig config, TextWriter error)
    {
        foreach (var problem in config.Errors)
            error.WriteLine($"error: {problem}");
        return config.IsValid;
    }
}
