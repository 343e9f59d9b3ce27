using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeadLettersSyntaxTests
{
    const string Id = "0123456789ab";
    const string Id2 = "fedcba987654";

    DeadLetterArguments? _got;

    [Test]
    public async Task List_takes_filters_and_a_limit()
    {
        await RunAsync("list --reason a --reason b --signal flow --source poll --from 2026-07-01 --to 2026-07-02 --limit 5 --json --spool /s");

        Assert.That(_got!.Action, Is.EqualTo(DeadLetterAction.List));
        Assert.That((_got.Limit, _got.Json, _got.Spool), Is.EqualTo((5, true, "/s")));
        Assert.That(_got.Filter.Reasons, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(_got.Filter.Signals, Is.EqualTo(new[] { "flow" }));
        Assert.That(_got.Filter.Sources, Is.EqualTo(new[] { "poll" }));
        Assert.That((_got.Filter.From?.Day, _got.Filter.To?.Day), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task List_lists_all_by_default()
    {
        await RunAsync("list");

        Assert.That(_got!.Filter.IsEmpty);
        Assert.That((_got.Limit, _got.Json, _got.Spool), Is.EqualTo((int.MaxValue, false, (string?)null)));
    }

    [Test]
    public async Task Retry_takes_ids_and_a_backend()
    {
        await RunAsync($"retry {Id} {Id2} --dry-run --otlp http://h:4318/base");

        Assert.That(_got!.Ids.Select(i => i.ToString()), Is.EqualTo(new[] { Id, Id2 }));
        Assert.That((_got.DryRun, _got.Otlp?.ToString()), Is.EqualTo((true, "http://h:4318/base")));
    }

    [TestCase("retry --all", DeadLetterAction.Retry)]
    [TestCase("retry --reason x", DeadLetterAction.Retry)]
    [TestCase("drop --all --yes", DeadLetterAction.Drop)]
    [TestCase("drop --from 2h", DeadLetterAction.Drop)]
    [TestCase($"drop {Id}", DeadLetterAction.Drop)]
    [TestCase($"show {Id}", DeadLetterAction.Show)]
    public async Task One_way_to_say_which_is_enough(string line, object action)
    {
        await RunAsync(line);

        Assert.That(_got!.Action, Is.EqualTo(action));
    }

    [TestCase("retry", "takes IDs, or --all, or filters")]
    [TestCase("drop", "takes IDs, or --all, or filters")]
    [TestCase($"drop {Id} --all", "takes IDs, or --all, or filters")]
    [TestCase($"drop {Id} --reason x", "takes IDs, or --all, or filters")]
    [TestCase("drop --all --reason x", "takes IDs, or --all, or filters")]
    [TestCase("drop nonsense", "12 hexadecimal digits")]
    [TestCase("show", "")]
    [TestCase($"show {Id} {Id2}", "")]
    [TestCase("list --limit 0", "from 1 to")]
    [TestCase("list --signal flows", "flow")]
    [TestCase("list --from tomorrow", "--from takes a time")]
    [TestCase("retry --all --otlp ftp://x", "http://")]
    public async Task Anything_else_is_a_usage_error(string line, string message)
    {
        var (code, error) = await TryAsync(line);

        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(error, Does.Contain(message));
        Assert.That(_got, Is.Null);
    }

    [TestCase("list", ExitCode.Failed)]
    [TestCase("list --spool /s", 44)]
    [TestCase("drop --all --spool /s", 44)]
    [TestCase("retry --all --spool /s", ExitCode.Failed)]
    public async Task Only_what_depends_on_the_configuration_needs_a_valid_one(string line, int expected)
    {
        var (code, error) = await TryAsync(line, ("TS2OTEL_OTLP__PROTOCOL", "smoke signals"));

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(error.Length > 0, Is.EqualTo(expected == ExitCode.Failed));
    }

    async Task RunAsync(string line)
    {
        var (code, error) = await TryAsync(line);
        Assert.That(code, Is.EqualTo(44), error);
    }

    async Task<(int Code, string Error)> TryAsync(string line, params (string Name, string Value)[] variables)
    {
        var error = new StringWriter();
        var handlers = SomeHandlers.Of((_, _) => throw new InvalidOperationException()) with
        {
            DeadLetters = (arguments, _, _, _) =>
            {
                _got = arguments;
                return Task.FromResult(44);
            },
        };
        var code = await new CommandLine(handlers, variables.ToDictionary(v => v.Name, v => v.Value))
            .RunAsync(["dead-letters", .. line.Split(' ')], TextWriter.Null, error, CancellationToken.None);
        return (code, error.ToString());
    }
}
