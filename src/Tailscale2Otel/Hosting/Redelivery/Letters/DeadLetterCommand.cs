using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary><c>dead-letters</c>: works on the files of a spool directory, whether or not a daemon is at work in it.</summary>
static class DeadLetterCommand
{
    public static Task<int> RunAsync(DeadLetterArguments arguments, TextWriter output, TextWriter error, CancellationToken stop) =>
        RunAsync(arguments, output, error, Console.IsInputRedirected ? null : AskConsole, stop);

    /// <param name="ask">Asks a question that yes or no answers; null where there is nobody to ask.</param>
    public static async Task<int> RunAsync(DeadLetterArguments arguments, TextWriter output, TextWriter error, Func<string, bool>? ask, CancellationToken stop)
    {
        PrivateFiles.Ask();
        var directory = arguments.Spool ?? SpoolLocation.Find(arguments.Config.Get<SpoolOptions>().Directory, Environment.GetEnvironmentVariable);
        if (!Directory.Exists(directory))
        {
            await error.WriteLineAsync($"{ProductInfo.Name}: there is no spool directory {directory}; name the daemon's with --spool DIR");
            return ExitCode.Failed;
        }

        try
        {
            return await RunAsync(arguments, directory, output, error, ask, stop);
        }
        catch (UnauthorizedAccessException e)
        {
            await error.WriteLineAsync($"{ProductInfo.Name}: {e.Message} Run this as the daemon's user.");
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            await error.WriteLineAsync($"{ProductInfo.Name}: {e.Message}");
        }

        return ExitCode.Failed;
    }

    static Task<int> RunAsync(DeadLetterArguments arguments, string directory, TextWriter output, TextWriter error, Func<string, bool>? ask, CancellationToken stop)
    {
        if (arguments.Action is DeadLetterAction.Drop or DeadLetterAction.Retry)
            DeadLetterRewrite.Prepare(directory);
        return arguments.Action switch
        {
            DeadLetterAction.List => Task.FromResult(new DeadLetterListing(arguments, output, error).Run(directory, stop)),
            DeadLetterAction.Show => Task.FromResult(new DeadLetterView(arguments, output, error).Run(directory, stop)),
            DeadLetterAction.Drop => Task.FromResult(new DeadLetterRemoval(arguments, output, error, ask).Run(directory, stop)),
            _ => new DeadLetterRetry(arguments, output, error).RunAsync(directory, stop),
        };
    }

    static bool AskConsole(string question)
    {
        Console.Error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
