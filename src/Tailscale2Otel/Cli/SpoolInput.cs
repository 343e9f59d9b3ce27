using System.CommandLine;
using Tailscale2Otel.Config;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Cli;

/// <summary>The spool directory that a command works on: named by itself, or the one of the configuration.</summary>
sealed class SpoolInput(ConfigurationInput config, IReadOnlyDictionary<string, string> environment)
{
    public Option<string?> Option { get; } = new("--spool")
    {
        Description = "The spool directory. Without it, spool.directory of the configuration.",
        HelpName = "DIR",
    };

    /// <summary>Null when the configuration is needed and has errors, which are printed.</summary>
    public string? Find(ParseResult arguments)
    {
        if (arguments.GetValue(Option) is { Length: > 0 } named)
            return named;

        var loaded = config.Load(arguments);
        return ConfigurationInput.IsValid(loaded, arguments.InvocationConfiguration.Error) ? Find(arguments, loaded) : null;
    }

    public string Find(ParseResult arguments, LoadedConfig loaded) =>
        arguments.GetValue(Option) is { Length: > 0 } named ? named : SpoolLocation.Find(loaded.Get<SpoolOptions>().Directory, name => environment.GetValueOrDefault(name));
}
