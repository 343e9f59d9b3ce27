using System.CommandLine;
using System.CommandLine.Parsing;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Cli;

/// <summary><c>dead-letters</c>: how its arguments are written. What it does is not the command line's business.</summary>
sealed class DeadLettersSyntax
{
    readonly ConfigurationInput _input;
    readonly Func<DeadLetterArguments, TextWriter, TextWriter, CancellationToken, Task<int>> _run;

    readonly Option<string?> _spool = new("--spool")
    {
        Description = "The daemon's spool directory, instead of spool.directory of the configuration.",
        HelpName = "DIR",
        Recursive = true,
    };

    readonly Option<string[]> _reasons = new("--reason") { Description = "Only letters with this reason; may be given again.", HelpName = "REASON", DefaultValueFactory = _ => [] };
    readonly Option<string[]> _signals = Names("--signal", "Only letters of this signal; may be given again.", Enum.GetValues<RecordSignal>().Select(DeadLetterLine.NameOf));
    readonly Option<string[]> _sources = Names("--source", "Only letters that came by this path; may be given again.", Enum.GetValues<RecordSource>().Select(DeadLetterLine.NameOf));
    readonly Option<DateTimeOffset?> _from = InstantOption.Create("--from", "Only letters written at or after this time.", TimeProvider.System);
    readonly Option<DateTimeOffset?> _to = InstantOption.Create("--to", "Only letters written before this time.", TimeProvider.System);
    readonly Option<bool> _all = new("--all") { Description = "All dead letters." };

    DeadLettersSyntax(ConfigurationInput input, Func<DeadLetterArguments, TextWriter, TextWriter, CancellationToken, Task<int>> run)
    {
        _input = input;
        _run = run;
    }

    public static Command Create(ConfigurationInput input, Func<DeadLetterArguments, TextWriter, TextWriter, CancellationToken, Task<int>> run)
    {
        var syntax = new DeadLettersSyntax(input, run);
        var command = new Command("dead-letters", "Look at the records that could not be delivered, send them again or drop them; the daemon may run meanwhile.")
        {
            syntax.List(), syntax.Show(), syntax.Retry(), syntax.Drop(),
        };
        command.Options.Add(syntax._spool);
        return command;
    }

    Command List()
    {
        var limit = new Option<int>("--limit") { Description = "Most letters to list.", HelpName = "N", DefaultValueFactory = _ => int.MaxValue };
        limit.Validators.Add(result => WholeNumber.Require(result, int.MaxValue));
        var json = new Option<bool>("--json") { Description = "Print each letter as it is in the file, one JSON object a line, with its id." };
        var command = new Command("list", "List the dead letters, oldest first.") { _reasons, _signals, _sources, _from, _to, limit, json };
        return Run(command, DeadLetterAction.List, (r, a) => a with { Filter = Filter(r), Limit = r.GetValue(limit), Json = r.GetValue(json) });
    }

    Command Show()
    {
        var id = Ids(ArgumentArity.ExactlyOne);
        return Run(new Command("show", "Show everything about one dead letter.") { id }, DeadLetterAction.Show, (r, a) => a with { Ids = r.GetValue(id)! });
    }

    Command Retry()
    {
        var ids = Ids(ArgumentArity.ZeroOrMore);
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be sent." };
        var otlp = new Option<Uri?>("--otlp")
        {
            Description = "Send to this base address instead of otlp.endpoint. Configured headers, credentials and certificates go only to their own origin.",
            HelpName = "URL",
            CustomParser = DemoSyntax.ParseUrl,
        };
        var command = new Command("retry", "Send dead letters again. What the backend accepts is dropped from the file, marked as replayed on its way.")
        {
            ids, _all, _reasons, _signals, _sources, _from, _to, dry, otlp,
        };
        return Run(Selecting(command, ids), DeadLetterAction.Retry, (r, a) => a with { Ids = r.GetValue(ids)!, Filter = Filter(r), DryRun = r.GetValue(dry), Otlp = r.GetValue(otlp) });
    }

    Command Drop()
    {
        var ids = Ids(ArgumentArity.ZeroOrMore);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Needed with --all and filters where there is no terminal." };
        var command = new Command("drop", "Drop dead letters for good.") { ids, _all, _reasons, _signals, _sources, _from, _to, yes };
        return Run(Selecting(command, ids), DeadLetterAction.Drop, (r, a) => a with { Ids = r.GetValue(ids)!, Filter = Filter(r), Yes = r.GetValue(yes) });
    }

    Command Run(Command command, DeadLetterAction action, Func<ParseResult, DeadLetterArguments, DeadLetterArguments> read)
    {
        command.SetAction((result, cancellation) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var arguments = read(result, new DeadLetterArguments(action, _input.Load(result)) { Spool = result.GetValue(_spool) });
            // With a directory given, only what is sent somewhere depends on the configuration.
            var needsConfig = arguments.Spool is null || action == DeadLetterAction.Retry;
            return !needsConfig || ConfigurationInput.IsValid(arguments.Config, error)
                ? _run(arguments, output, error, cancellation)
                : Task.FromResult(ExitCode.Failed);
        });
        return command;
    }

    DeadLetterFilter Filter(ParseResult result) => new()
    {
        Reasons = result.GetValue(_reasons) ?? [],
        Signals = result.GetValue(_signals) ?? [],
        Sources = result.GetValue(_sources) ?? [],
        From = result.GetValue(_from),
        To = result.GetValue(_to),
    };

    /// <summary>What is sent or dropped must be said in one way.</summary>
    Command Selecting(Command command, Argument<DeadLetterId[]> ids)
    {
        Option[] filters = [_reasons, _signals, _sources, _from, _to];
        command.Validators.Add(result =>
        {
            var ways = new[] { result.GetResult(ids)?.Tokens.Count > 0, result.GetValue(_all), filters.Any(f => result.GetResult(f) is { Implicit: false }) };
            Require(result, ways.Count(w => w) == 1, $"{command.Name} takes IDs, or --all, or filters such as --reason");
        });
        return command;
    }

    static void Require(SymbolResult result, bool holds, string message)
    {
        if (!holds)
            result.AddError(message);
    }

    static Argument<DeadLetterId[]> Ids(ArgumentArity arity) => new("ID")
    {
        Description = "As list prints it.",
        Arity = arity,
        CustomParser = result =>
        {
            var ids = new DeadLetterId[result.Tokens.Count];
            for (var i = 0; i < ids.Length; i++)
                Require(result, DeadLetterId.TryParse(result.Tokens[i].Value, out ids[i]), "an ID has 12 hexadecimal digits, as list prints it");
            return ids;
        },
    };

    static Option<string[]> Names(string name, string description, IEnumerable<string> allowed)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.AcceptOnlyFromAmong([.. allowed]);
        return option;
    }
}
