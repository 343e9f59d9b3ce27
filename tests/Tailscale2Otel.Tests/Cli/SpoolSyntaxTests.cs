using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpoolSyntaxTests
{
    InspectArguments? _inspect;
    VerifyArguments? _verify;

    [Test]
    public async Task The_directory_may_be_named_by_itself_without_any_configuration()
    {
        Assert.That(await RunAsync(["spool", "inspect", "--spool", "/s", "--json", "--records", "--all-segments"], ("TS2OTEL_LOG_LEVEL", "loud")), Is.EqualTo((7, "")));
        Assert.That(_inspect, Is.EqualTo(new InspectArguments { Directory = "/s", Json = true, Records = true, AllSegments = true }));

        Assert.That(await RunAsync(["spool", "verify", "--spool", "/s", "--quiet"]), Is.EqualTo((8, "")));
        Assert.That(_verify, Is.EqualTo(new VerifyArguments { Directory = "/s", Quiet = true }));
    }

    [Test]
    public async Task Without_a_name_it_is_the_one_of_the_configuration()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("c.yaml"), "spool: {directory: /from/file}\n");

        await RunAsync(["spool", "inspect", "--config", folder.File("c.yaml")]);
        Assert.That(_inspect!.Directory, Is.EqualTo("/from/file"));
        await RunAsync(["spool", "verify"], ("TS2OTEL_SPOOL__DIRECTORY", "/from/variable"));
        Assert.That(_verify!.Directory, Is.EqualTo("/from/variable"));
    }

    [Test]
    public async Task Errors_of_the_configuration_end_with_2_since_1_means_damaged()
    {
        var (code, error) = await RunAsync(["spool", "verify"], ("TS2OTEL_LOG_LEVEL", "loud"));

        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(error, Does.StartWith("error: ").And.Contain("log_level"));
        Assert.That(_verify, Is.Null);
    }

    async Task<(int Code, string Error)> RunAsync(string[] args, params (string Name, string Value)[] variables)
    {
        var handlers = SomeHandlers.Of((_, _) => throw new InvalidOperationException("the daemon")) with
        {
            InspectSpool = (arguments, _, _, _) =>
            {
                _inspect = arguments;
                return 7;
            },
            VerifySpool = (arguments, _, _, _) =>
            {
                _verify = arguments;
                return 8;
            },
        };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await new CommandLine(handlers, variables.ToDictionary(v => v.Name, v => v.Value)).RunAsync(args, TextWriter.Null, error, default);
        return (code, error.ToString());
    }
}
