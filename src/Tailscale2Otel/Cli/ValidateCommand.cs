using System.CommandLine;
using System.Text.Json;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary><c>validate</c>: every error and warning of the configuration, without starting anything.</summary>
static class ValidateCommand
{
    public static Command Create(ConfigurationInput input)
    {
        var strict = new Option<bool>("--warnings-as-errors") { Description = "Fail when there is a warning." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object with all errors and warnings." };
        var command = new Command("validate", "Check the configuration and exit: all errors at once, nothing is started.") { strict, json };
        command.SetAction(arguments =>
        {
            var config = input.Load(arguments);
            var isGood = config.IsValid && !(arguments.GetValue(strict) && config.Warnings.Count > 0);
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            if (arguments.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(new ValidateReport(isGood, config.Errors, config.Warnings), ValidateReportJson.Default.ValidateReport));
            else
                Print(config, isGood, output, error);
            return isGood ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    static void Print(LoadedConfig config, bool isGood, TextWriter output, TextWriter error)
    {
        foreach (var warning in config.Warnings)
            output.WriteLine($"warning: {warning}");
        ConfigurationInput.IsValid(config, error);
        if (isGood)
            output.WriteLine("config OK");
    }
}
