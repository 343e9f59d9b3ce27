using System.CommandLine;

namespace Tailscale2Otel.Cli;

/// <summary><c>spool inspect</c> and <c>spool verify</c>: how their arguments are written.</summary>
static class SpoolSyntax
{
    const string Inspect = """
        Show what a spool directory holds: segments, cursors, backlog, damage and the files beside them.

        Reads headers and lengths, not the records, so that it is quick on a spool of any size; --records reads everything. Changes nothing and may run beside the daemon. docs/spool-tools.md lists the fields of --json.

        Exit codes: 0 shown, 2 wrong usage or nothing to read.
        """;

    const string Verify = """
        Check every record of a spool directory against its checksum and print each damaged place.

        Changes nothing and may run beside the daemon, which repairs a spool by itself at its start. An append that a kill cut short was never acknowledged and is no damage.

        Exit codes: 0 sound, 1 damaged, 2 wrong usage, not readable, or stopped.
        """;

    public static Command Create(ConfigurationInput config, IReadOnlyDictionary<string, string> environment, CommandHandlers handlers) =>
        new("spool", "Look at a spool directory, also while the daemon runs.")
        {
            InspectCommand(new SpoolInput(config, environment), handlers),
            VerifyCommand(new SpoolInput(config, environment), handlers),
        };

    static Command InspectCommand(SpoolInput input, CommandHandlers handlers)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var records = new Option<bool>("--records") { Description = "Read every record and count them by source, signal and tailnet." };
        var all = new Option<bool>("--all-segments") { Description = "Print every segment, not only the oldest and newest. --json always has all." };
        var command = new Command("inspect", Inspect) { input.Option, json, records, all };
        command.SetAction((arguments, cancellation) => Task.FromResult(
            input.Find(arguments) is { } directory
                ? handlers.InspectSpool(
                    new InspectArguments
                    {
                        Directory = directory,
                        Json = arguments.GetValue(json),
                        Records = arguments.GetValue(records),
                        AllSegments = arguments.GetValue(all),
                    },
                    arguments.InvocationConfiguration.Output,
                    arguments.InvocationConfiguration.Error,
                    cancellation)
                : ExitCode.Usage));
        return command;
    }

    static Command VerifyCommand(SpoolInput input, CommandHandlers handlers)
    {
        var quiet = new Option<bool>("--quiet") { Description = "No progress on standard error." };
        var command = new Command("verify", Verify) { input.Option, quiet };
        command.SetAction((arguments, cancellation) => Task.FromResult(
            input.Find(arguments) is { } directory
                ? handlers.VerifySpool(
                    new VerifyArguments { Directory = directory, Quiet = arguments.GetValue(quiet) },
                    arguments.InvocationConfiguration.Output,
                    arguments.InvocationConfiguration.Error,
                    cancellation)
                : ExitCode.Usage));
        return command;
    }
}
