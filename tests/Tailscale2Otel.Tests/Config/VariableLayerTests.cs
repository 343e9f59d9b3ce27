using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class VariableLayerTests
{
    [Test]
    public void Sets_a_key_of_every_kind()
    {
        var options = SampleConfig.Load(
            "sample: {tags: [from, file], labels: {team: file, kept: file}}",
            ("TS2OTEL_SAMPLE__MAX_BODY_BYTES", "2KiB"),
            ("TS2OTEL_SAMPLE__ENABLED", "0"),
            ("TS2OTEL_SAMPLE__TAGS", " a , b ,"),
            ("TS2OTEL_SAMPLE__KEYS", "one,two"),
            ("TS2OTEL_SAMPLE__HEADERS__X_ORG", "1"),
            ("TS2OTEL_SAMPLE__LABELS__TEAM", "variable"),
            ("TS2OTEL_SAMPLE__LABELS__HOST__ROLE", "bridge"),
            ("TS2OTEL_SAMPLE__PART__DEPTH", "5")).Get<SampleOptions>();

        Assert.Multiple(() =>
        {
            Assert.That(options.MaxBodyBytes, Is.EqualTo(2048));
            Assert.That(options.Enabled, Is.False);
            Assert.That(options.Tags, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(options.Keys.Select(k => k.Reveal()), Is.EqualTo(new[] { "one", "two" }));
            Assert.That(options.Headers.Keys, Is.EqualTo(new[] { "x-org" }));
            Assert.That(options.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["team"] = "variable", ["kept"] = "file", ["host.role"] = "bridge" }));
            Assert.That(options.Part.Depth, Is.EqualTo(5));
        });
    }

    [Test]
    public void An_empty_list_replaces_the_list_of_the_file() =>
        Assert.That(SampleConfig.Load("sample: {tags: [a]}", ("TS2OTEL_SAMPLE__TAGS", "")).Get<SampleOptions>().Tags, Is.Empty);

    [TestCase("TS2OTEL_SAMPLE__NAEM", "did you mean TS2OTEL_SAMPLE__NAME?")]
    [TestCase("TS2OTEL_LOGLEVEL", "did you mean TS2OTEL_LOG_LEVEL?")]
    [TestCase("TS2OTEL_LOG_LEVEL__X", null)]
    [TestCase("TS2OTEL_SAMPLE", "TS2OTEL_SAMPLE__… is the nearest there is")]
    [TestCase("TS2OTEL_SOMETHING_ELSE_ENTIRELY", null)]
    [TestCase("TS2OTEL_", null)]
    [TestCase("TS2OTEL_CARDINALITY__FLOW__DESTINATION_SERVICE", "the key was removed")]
    public void An_unknown_variable_is_ignored_with_a_warning_that_names_the_nearest(string variable, string? hint)
    {
        var config = SampleConfig.Load("", (variable, "hunter2"));

        var warning = config.Warnings.Single().ToString();
        Assert.That(config.Errors, Is.Empty);
        Assert.That(warning, Does.StartWith($"{variable}: no such variable, it is ignored").And.Not.Contain("hunter2"));
        if (hint is not null)
            Assert.That(warning, Does.Contain(hint));
    }

    [Test]
    public void Every_variable_into_a_list_of_objects_is_an_error()
    {
        var config = SampleConfig.Load("", ("TS2OTEL_SAMPLE__ROUTES__0__PATH", "/a"), ("TS2OTEL_SAMPLE__ROUTES", "/b"), ("TS2OTEL_TAILNETS__0__NAME", "c"));

        Assert.That(config.Errors.Select(e => e.ToString()), Is.EqualTo(new[]
        {
            "TS2OTEL_SAMPLE__ROUTES: sample.routes: a list of objects, which no variable can hold: set it in the file",
            "TS2OTEL_SAMPLE__ROUTES__0__PATH: sample.routes: a list of objects, which no variable can hold: set it in the file",
            "TS2OTEL_TAILNETS__0__NAME: tailnets: a list of objects, which no variable can hold: set it in the file",
        }));
    }

    [Test]
    public void A_whole_map_in_one_variable_is_an_error() =>
        Assert.That(
            SampleConfig.Load("", ("TS2OTEL_SAMPLE__LABELS", "a=b")).Errors.Select(e => e.ToString()),
            Is.EqualTo(new[] { "TS2OTEL_SAMPLE__LABELS: sample.labels: a map, which one variable cannot hold: set TS2OTEL_SAMPLE__LABELS__NAME for each entry, or the map in the file" }));

    [Test]
    public void The_variable_of_the_file_is_no_key() => Assert.That(SampleConfig.Load("", ("TS2OTEL_CONFIG", "x.yaml")).Warnings, Is.Empty);

    [Test]
    public void Every_key_of_the_daemon_has_a_variable_that_finds_it()
    {
        foreach (var key in OptionTypes.Schema.Keys.Keys)
            Assert.That(VariableName.ToKey(VariableName.Of(key)), Is.EqualTo(key));
    }
}
