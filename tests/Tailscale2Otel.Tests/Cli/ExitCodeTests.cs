using System.Diagnostics;
using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

/// <summary>The executable itself, as a parent process sees it.</summary>
[TestFixture]
public sealed class ExitCodeTests
{
    [TestCase("version", ExitCode.Ok)]
    [TestCase("--help", ExitCode.Ok)]
    [TestCase("validate", ExitCode.Ok)]
    [TestCase("config", ExitCode.Ok)]
    [TestCase("--config /nonexistent/config.yaml", ExitCode.Failed)]
    [TestCase("-config /nonexistent/config.yaml -validate", ExitCode.Failed)]
    [TestCase("--no-such-option", ExitCode.Usage)]
    [TestCase("healthcheck --timeout 2s", ExitCode.Usage)]
    public async Task The_process_ends_with(string arguments, int expected)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "tailscale2otel" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, arguments.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TS2OTEL_", StringComparison.Ordinal) || k.StartsWith("OTEL_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["TS2OTEL_ADMIN__LISTEN"] = "127.0.0.1:1";

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);

        Assert.That(process.ExitCode, Is.EqualTo(expected), await output + await error);
        Assert.That(expected == ExitCode.Ok ? await output : await error, Is.Not.Empty);
    }
}
