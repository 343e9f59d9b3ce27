using System.CommandLine;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary><c>config</c>: the values in force, redacted, each with its origin.</summary>
static class ConfigCommand
{
    public static Command Create(ConfigurationInput input)
    {
        var format = new Option<string>("--format") { Description = "yaml or json.", HelpName = "yaml|json", DefaultValueFactory = _ => "yaml" };
        format.AcceptOnlyFromAmong("yaml", "json");
        var command = new Command("config", "Print the configuration in force, secrets redacted, each value with its origin.") { format };
        command.SetAction(arguments =>
        {
            var config = input.Load(arguments);
            if (!ConfigurationInput.IsValid(config, arguments.InvocationConfiguration.Error))
                return ExitCode.Failed;

            var isJson = arguments.GetValue(format) == "json";
            arguments.InvocationConfiguration.Output.WriteLine((isJson ? EffectiveConfig.ToJson(config) : EffectiveConfig.ToYaml(config)).TrimEnd());
            return ExitCode.Ok;
        });
        return command;
    }
}
