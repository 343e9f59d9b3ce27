using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary><c>replay</c>.</summary>
static class ReplayCommand
{
    public static async Task<int> RunAsync(ReplayArguments arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        try
        {
            var snapshot = SpoolInspector.Look(arguments.Directory, TimeProvider.System);
            if (snapshot.Cursors is null && !arguments.Undelivered)
            {
                await error.WriteLineAsync(
                    $"{ProductInfo.Name}: the cursors of {arguments.Directory} cannot be read, so that nothing is known to be delivered; --undelivered sends all that is there");
                return ExitCode.Usage;
            }

            var run = new ReplayRun(arguments, snapshot, output, error, TimeProvider.System);
            return arguments.DryRun ? run.DryRun(stop) : await run.SendAsync(stop);
        }
        catch (Exception e) when (e is SpoolException or IOException or InvalidOperationException)
        {
            await error.WriteLineAsync($"{ProductInfo.Name}: {e.Message}");
            return ExitCode.Usage;
        }
    }
}
