using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Cli;

[TestFixture]
public sealed class CheckSyntaxTests
{
    CheckArguments? _check;

    [TestCase("check", false, 60)]
    [TestCase("check --json --timeout 1m30s", true, 90)]
    [TestCase("-preflight -preflight-timeout=20s -json", true, 20)]
    public async Task Arguments_reach_the_check(string line, bool json, int seconds)
    {
        Assert.That(await RunAsync(line.Split(' ')), Is.EqualTo(7), "the exit code is the check's");
        Assert.That((_check!.Json, _check.Timeout), Is.EqualTo((json, TimeSpan.FromSeconds(seconds))));
        Assert.That(_check.Environment["TS2OTEL_LOG_LEVEL"], Is.EqualTo("warn"));
        Assert.That(_check.Config.Get<ProcessOptions>().LogLevel, Is.EqualTo(LogVerbosity.Warn));
    }

    [Test]
    public async Task A_configuration_with_errors_reaches_the_check_too()
    {
        Assert.That(await RunAsync(["check", "--config", "/nonexistent/config.yaml"]), Is.EqualTo(7));
        Assert.That(_check!.Config.IsValid, Is.False);
    }

    async Task<int> RunAsync(string[] args)
    {
        var handlers = SomeHandlers.Of((_, _) => throw new InvalidOperationException("the daemon")) with
        {
            Check = (arguments, _, _, _) =>
            {
                _check = arguments;
                return Task.FromResult(7);
            },
        };
        var variables = new Dictionary<string, string> { ["TS2OTEL_LOG_LEVEL"] = "warn" };
        return await new CommandLine(handlers, variables).RunAsync(args, TextWriter.Null, TextWriter.Null, default);
    }
}
