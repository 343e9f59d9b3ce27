using System.Diagnostics;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>A command run to its end at the root of the repository.</summary>
static class Tool
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(NeedsAttribute.Find(program) ?? program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SourceTree.Root,
            // Scripts look for tools too.
            Environment = { ["PATH"] = NeedsAttribute.SearchPath },
        })!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }
}
