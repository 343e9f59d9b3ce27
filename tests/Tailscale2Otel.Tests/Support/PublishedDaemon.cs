using System.Diagnostics;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// The executable as it is shipped: the one that <c>TAILSCALE2OTEL_EXECUTABLE</c> names, else published once in a test run, when
/// the first test asks for it.
/// </summary>
static class PublishedDaemon
{
    const string Variable = "TAILSCALE2OTEL_EXECUTABLE";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    static readonly TemporaryFolder Folder = new();
    static readonly Lazy<Task<string>> Executable = new(FindAsync);

    public static Task<string> PathAsync() => Executable.Value;

    /// <summary>After the last test: removes what was published.</summary>
    public static void Remove() => Folder.Dispose();

    static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new FileNotFoundException($"{Variable} names a file that is not there.", given);

        var start = new ProcessStartInfo("dotnet", ["publish", "src/Tailscale2Otel", "-c", "Release", "-o", Folder.Path, "--nologo", "-v", "quiet"])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Of the test runner's own build; a build inside must find its own.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);

        using var limit = new CancellationTokenSource(Limit);
        using var publish = Process.Start(start)!;
        var output = publish.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = publish.StandardError.ReadToEndAsync(limit.Token);
        await publish.WaitForExitAsync(limit.Token);
        var path = Folder.File("tailscale2otel");
        return publish.ExitCode == 0 && File.Exists(path)
            ? path
            : throw new InvalidOperationException($"dotnet publish ended with {publish.ExitCode}.\n{await output}{await errors}");
    }
}
