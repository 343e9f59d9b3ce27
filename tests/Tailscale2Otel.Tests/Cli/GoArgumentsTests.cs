using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

[TestFixture]
public sealed class GoArgumentsTests
{
    [TestCase("", "")]
    [TestCase("--config x.yaml", "--config x.yaml")]
    [TestCase("-config x.yaml", "--config x.yaml")]
    [TestCase("-config=x.yaml", "--config=x.yaml")]
    [TestCase("--config=x.yaml", "--config=x.yaml")]
    [TestCase("-c x.yaml", "-c x.yaml")]
    [TestCase("-version", "version")]
    [TestCase("-config x.yaml -validate", "validate --config x.yaml")]
    [TestCase("-validate -warnings-as-errors -json -config x.yaml", "validate --warnings-as-errors --json --config x.yaml")]
    [TestCase("--validate", "validate")]
    [TestCase("-validate=true", "validate")]
    [TestCase("-validate=false", "")]
    [TestCase("-healthcheck -healthcheck-timeout 3s", "healthcheck --timeout 3s")]
    [TestCase("-healthcheck -healthcheck-timeout=3s", "healthcheck --timeout=3s")]
    [TestCase("-print-effective-config", "config --format=json")]
    [TestCase("-print-effective-config -print-effective-config-format yaml", "config --format yaml")]
    [TestCase("-print-effective-config -print-effective-config-provenance", "config --format=json")]
    [TestCase("-preflight", "check")]
    [TestCase("-config x.yaml -preflight -preflight-export -preflight-timeout=20s -json", "check --config x.yaml --timeout=20s --json")]
    [TestCase("-preflight=false", "")]
    [TestCase("validate --config x", "validate --config x")]
    [TestCase("config --format yaml", "config --format yaml")]
    [TestCase("demo --nodes 3", "demo --nodes 3")]
    [TestCase("-nonsense", "-nonsense")]
    public void Translates_the_flags_of_the_Go_project(string given, string expected)
    {
        Assert.That(GoArguments.TryTranslate(given.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var translated, out _), Is.True);
        Assert.That(string.Join(' ', translated), Is.EqualTo(expected));
    }

    [TestCase("-once")]
    public void Names_a_flag_that_is_not_built_yet(string flag)
    {
        Assert.That(GoArguments.TryTranslate([flag], out _, out var problem), Is.False);
        Assert.That(problem, Does.StartWith(flag.Split('=')[0]));
    }
}
