using System.CommandLine;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Cli;

/// <summary><c>replay</c>: how its arguments are written.</summary>
static class ReplaySyntax
{
    const int MostPerSecond = 10_000_000;

    const string Help = """
        Send again what the spool's retention still holds, for example to a backend that lost it or to a new one.

        Log records go out as the daemon sends them, with the same log.record.uid and with tailscale2otel.replayed = true. Metrics are not touched. What the spool holds twice is sent once. Nothing in the spool changes, and the daemon may run meanwhile. While the backend does not answer, replay tries on like the daemon; Ctrl-C ends it and says where to go on.

        Exit codes: 0 all was sent, 1 something was not, 2 wrong usage or nothing to read.
        """;

    const string OtlpHelp = """
        Send to this OTLP base address instead of otlp.endpoint. Headers, credentials, tokens, client certificates and authorities of the configuration were meant for one origin and go to no other. Who needs some for another backend writes a configuration file: --config other.yaml --spool DIR.
        """;

    public static Command Create(ConfigurationInput config, IReadOnlyDictionary<string, string> environment, CommandHandlers handlers)
    {
        var input = new SpoolInput(config, environment);
        var from = Bound("--from", "Only records received at or after this time");
        var to = Bound("--to", "Only records received before this time");
        var sources = Names("--source", "Only records that came by this path; may be given again.", Enum.GetValues<RecordSource>(), RecordNames.TextOf);
        var signals = Names("--signal", "Only records of this signal; may be given again.", Enum.GetValues<RecordSignal>(), RecordNames.TextOf);
        var tailnets = new Option<string[]>("--tailnet") { Description = "Only records of this tailnet; may be given again.", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var otlp = new Option<Uri?>("--otlp") { Description = OtlpHelp, HelpName = "URL", CustomParser = DemoSyntax.ParseUrl };
        var rate = new Option<int?>("--rate") { Description = "Send at most so many records a second.", HelpName = "N" };
        rate.Validators.Add(result => WholeNumber.Require(result, MostPerSecond));
        var undelivered = new Option<bool>("--undelivered") { Description = "Also what the daemon has not delivered yet and will deliver by itself." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count what would be sent, by day, source and signal; connect to nothing." };
        var quiet = new Option<bool>("--quiet") { Description = "No progress on standard error." };

        var command = new Command("replay", Help) { from, to, sources, signals, tailnets, otlp, input.Option, rate, undelivered, dryRun, quiet };
        command.SetAction((arguments, cancellation) =>
        {
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            var loaded = config.Load(arguments);
            if (!ConfigurationInput.IsValid(loaded, error))
                return Task.FromResult(ExitCode.Failed);

            return handlers.Replay(
                new ReplayArguments(loaded, input.Find(arguments, loaded))
                {
                    From = arguments.GetValue(from) ?? [],
                    To = arguments.GetValue(to) ?? [],
                    Sources = Values(arguments.GetValue(sources), RecordNames.TextOf, Enum.GetValues<RecordSource>()),
                    Signals = Values(arguments.GetValue(signals), RecordNames.TextOf, Enum.GetValues<RecordSignal>()),
                    Tailnets = arguments.GetValue(tailnets) ?? [],
                    Otlp = arguments.GetValue(otlp),
                    Rate = arguments.GetValue(rate),
                    Undelivered = arguments.GetValue(undelivered),
                    DryRun = arguments.GetValue(dryRun),
                    Quiet = arguments.GetValue(quiet),
                },
                output,
                error,
                cancellation);
        });
        return command;
    }

    static Option<ReplayBound[]> Bound(string name, string description) => new(name)
    {
        Description = $"{description}, such as 2026-07-27T12:00:00Z (UTC without a zone), or how long ago, such as 2h, or a position of the spool, such as @123. A time and a position may both be given.",
        HelpName = "TIME",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var bounds = new ReplayBound[result.Tokens.Count];
            for (var i = 0; i < bounds.Length; i++)
            {
                if (!ReplayBound.TryParse(result.Tokens[i].Value, TimeProvider.System, out bounds[i]))
                    result.AddError($"{name} takes a time such as 2026-07-27T12:00:00Z, how long ago, such as 90m or 2h, or a position such as @123");
            }

            return bounds;
        },
    };

    static Option<string[]> Names<T>(string name, string description, T[] values, Func<T, string> text)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.AcceptOnlyFromAmong([.. values.Select(text).Distinct()]);
        return option;
    }

    /// <summary>Several values may have one name: <c>other</c>.</summary>
    static List<T> Values<T>(string[]? names, Func<T, string> text, T[] values) => [.. values.Where(v => names?.Contains(text(v)) == true)];
}
