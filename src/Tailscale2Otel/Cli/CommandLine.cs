using System.CommandLine;
using Tailscale2Otel.Cli.Webhook;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Cli;

/// <summary>The program as a user sees it: commands, options, help and exit codes.</summary>
/// <param name="input">Opens standard input; null is the process's.</param>
sealed class CommandLine(CommandHandlers handlers, IReadOnlyDictionary<string, string> environment, Func<Stream>? input = null)
{
    const string Description = $"""
        Takes Tailscale's log stream (Splunk HEC) and webhooks, polls the Tailscale API, keeps what comes in a spool on disk and delivers it as OpenTelemetry (OTLP) log records and metrics.

        Without a command the daemon runs until SIGTERM or Ctrl-C. Every setting is a key of the YAML file and a TS2OTEL_* variable; config.example.yaml shows them all.

        {ExitCode.Help}
        """;

    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    /// <summary>Ends with the exit code; an exception of a handler is printed and is a runtime error.</summary>
    public async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (!GoArguments.TryTranslate(args, out var translated, out var problem))
            return await RefuseAsync(error, [problem]);

        var root = Root();
        // The list of commands has a line for each; the rest of the text is for the command's own help.
        foreach (var command in root.Subcommands.Where(c => !translated.Contains(c.Name)))
            command.Description = command.Description?.Split('\n')[0];
        var arguments = root.Parse(translated, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (arguments.Errors.Count > 0)
            return await RefuseAsync(error, arguments.Errors.Select(e => e.Message));

        try
        {
            // Signals are StopSignals' business: the library would end the process two seconds after the first.
            var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await arguments.InvokeAsync(invocation, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (IOException e) when (e.HResult == StandardOutput.BrokenPipe)
        {
            // As with `| head`: who has seen enough wants no more words.
            return ExitCode.Failed;
        }
        catch (Exception e)
        {
            await error.WriteLineAsync($"{ProductInfo.Name}: {e}");
            return ExitCode.Failed;
        }
    }

    static async Task<int> RefuseAsync(TextWriter error, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            await error.WriteLineAsync($"{ProductInfo.Name}: {problem}");
        await error.WriteLineAsync($"Run '{ProductInfo.Name} --help' for the commands and options.");
        return ExitCode.Usage;
    }

    RootCommand Root()
    {
        var configuration = new ConfigurationInput(environment);
        var root = new RootCommand(Description)
        {
            ValidateCommand.Create(configuration),
            ConfigCommand.Create(configuration),
            CheckSyntax.Create(configuration, environment, handlers),
            SpoolSyntax.Create(configuration, environment, handlers),
            ReplaySyntax.Create(configuration, environment, handlers),
            DeadLettersSyntax.Create(configuration, handlers.DeadLetters),
            WebhookCommand.Create(input ?? Console.OpenStandardInput),
            DemoSyntax.Create(handlers.RunDemo),
            HealthCheckCommand.Create(configuration),
            VersionCommand(),
            DocsCommand.Create(),
        };
        root.Options.Add(configuration.Option);
        root.SetAction((arguments, cancellation) =>
        {
            var config = configuration.Load(arguments);
            return ConfigurationInput.IsValid(config, arguments.InvocationConfiguration.Error)
                ? handlers.RunDaemon(config, cancellation)
                : Task.FromResult(ExitCode.Failed);
        });
        return root;
    }

    static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(arguments => arguments.InvocationConfiguration.Output.WriteLine($"{ProductInfo.Name} {ProductInfo.Version}"));
        return command;
    }
}
