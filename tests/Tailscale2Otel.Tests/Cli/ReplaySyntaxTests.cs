using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplaySyntaxTests
{
    ReplayArguments? _arguments;

    [Test]
    public async Task Every_option_arrives()
    {
        var (code, error) = await RunAsync(
            "replay", "--spool", "/s", "--from", "2026-07-27T12:00:00Z", "--from", "@17", "--to", "2026-07-28", "--source", "poll", "--source", "stream",
            "--signal", "event", "--tailnet", "a", "--tailnet", "b", "--otlp", "http://b:4318", "--rate", "5", "--undelivered", "--dry-run", "--quiet");

        Assert.That((code, error), Is.EqualTo((9, "")));
        var arguments = _arguments!;
        Assert.That(arguments.Directory, Is.EqualTo("/s"));
        Assert.That(string.Join(' ', arguments.From), Is.EqualTo("2026-07-27T12:00:00Z @17"));
        Assert.That(string.Join(' ', arguments.To), Is.EqualTo("2026-07-28T00:00:00Z"));
        Assert.That(arguments.Sources, Is.EquivalentTo(new[] { RecordSource.Poll, RecordSource.Stream }));
        Assert.That(arguments.Signals, Is.EqualTo(new[] { RecordSignal.StreamEvent }));
        Assert.That(arguments.Tailnets, Is.EqualTo(new[] { "a", "b" }));
        Assert.That((arguments.Otlp, arguments.Rate), Is.EqualTo((new Uri("http://b:4318"), (int?)5)));
        Assert.That((arguments.Undelivered, arguments.DryRun, arguments.Quiet), Is.EqualTo((true, true, true)));
    }

    [Test]
    public async Task Without_options_it_is_all_that_was_delivered()
    {
        Assert.That((await RunAsync("replay")).Code, Is.EqualTo(9));
        Assert.That(_arguments! with { Config = null! }, Is.EqualTo(new ReplayArguments(null!, "/from/variable") with
        {
            From = _arguments.From,
            To = _arguments.To,
            Sources = _arguments.Sources,
            Signals = _arguments.Signals,
            Tailnets = _arguments.Tailnets,
        }));
        Assert.That(_arguments.From.Count + _arguments.To.Count + _arguments.Sources.Count + _arguments.Signals.Count + _arguments.Tailnets.Count, Is.Zero);
    }

    [TestCase("--from", "yesterday", "--from takes a time such as")]
    [TestCase("--to", "@-5", "--to takes a time such as")]
    [TestCase("--source", "pigeon", "pigeon")]
    [TestCase("--signal", "smoke", "smoke")]
    [TestCase("--rate", "0", "--rate takes a number from 1 to")]
    [TestCase("--otlp", "ftp://x", "--otlp takes an http:// or https:// URL")]
    public async Task What_cannot_be_meant_ends_with_2(string option, string value, string message)
    {
        var (code, error) = await RunAsync("replay", option, value);

        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(error, Does.Contain(message));
        Assert.That(_arguments, Is.Null);
    }

    async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var handlers = SomeHandlers.Of((_, _) => throw new InvalidOperationException("the daemon")) with
        {
            Replay = (arguments, _, _, _) =>
            {
                _arguments = arguments;
                return Task.FromResult(9);
            },
        };
        using var error = new StringWriter { NewLine = "\n" };
        var variables = new Dictionary<string, string> { ["TS2OTEL_SPOOL__DIRECTORY"] = "/from/variable" };
        var code = await new CommandLine(handlers, variables).RunAsync(args, TextWriter.Null, error, default);
        return (code, error.ToString());
    }
}
