using System.CommandLine;

namespace Tailscale2Otel.Cli;

/// <summary><c>check</c>: how its arguments are written.</summary>
static class CheckSyntax
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    const string Help = """
        Try what the configuration needs, and say what works, what is missing and what to do.

        Calls each API of each tailnet once, read-only, sends an empty request to each OTLP endpoint, and looks at the spool's directory, certificates and credentials of the receivers. Opens no port and no spool, so that the daemon may run beside it. What the configuration does not use is shown and cannot make the check fail.

        Exit codes: 0 all that is used works, 1 configuration, spool or receivers, 2 wrong usage, 3 authentication failed, 4 an API that is used does not work, 5 OTLP failed. Of several the lowest.
        """;

    public static Command Create(ConfigurationInput config, IReadOnlyDictionary<string, string> environment, CommandHandlers handlers)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var timeout = DurationOption.Create("--timeout", "Longest time of the whole check.", DefaultTimeout);
        var command = new Command("check", Help) { json, timeout };
        command.SetAction((arguments, cancellation) => handlers.Check(
            new CheckArguments(config.Load(arguments), arguments.GetValue(timeout) ?? DefaultTimeout, environment) { Json = arguments.GetValue(json) },
            arguments.InvocationConfiguration.Output,
            arguments.InvocationConfiguration.Error,
            cancellation));
        return command;
    }
}
