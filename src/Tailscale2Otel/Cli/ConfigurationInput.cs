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
    public static bool IsValid(LoadedConfig config, TextWriter error) => Tell(config.Errors, error);

    /// <summary>
    /// As <see cref="IsValid"/>, for who needs one section and has a daemon that runs: what is wrong with others by now, as with the file
    /// of a secret that is just being replaced, is not its matter.
    /// </summary>
    public static bool HasValid(string section, LoadedConfig config, TextWriter error) =>
        Tell([.. config.Errors.Where(e => e.Key.Length == 0 || e.Key == section || e.Key.StartsWith(section + ".", StringComparison.Ordinal))], error);

    static bool Tell(IReadOnlyList<ConfigProblem> problems, TextWriter error)
    {
        foreach (var problem in problems)
            error.WriteLine($"error: {problem}");
        return problems.Count == 0;
    }
}
