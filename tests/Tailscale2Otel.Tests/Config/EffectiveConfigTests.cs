using System.Text.Json;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class EffectiveConfigTests
{
    const string Yaml = """
        log_level: warn
        sample:
          name: "a \"b\" # c"
          token: hunter2
          keys: [hunter2]
          headers: {x-org: hunter2}
          labels: {team: net}
          routes: [{path: /, token: hunter2}]
          pause: 2s
        """;

    [Test]
    public void Shows_every_value_with_its_origin()
    {
        using var sample = new SampleConfig();
        var text = EffectiveConfig.ToYaml(sample.LoadHere(Yaml, ("TS2OTEL_SAMPLE__COUNT", "9"))).Replace(sample.Directory, "/DIR", StringComparison.Ordinal);

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.StartWith("log_level: warn  # /DIR/config.yaml:1\nlog_format: text  # default\n"));
            Assert.That(text, Does.Contain("\nsample:\n  name: \"a \\\"b\\\" # c\"  # /DIR/config.yaml:3\n"));
            Assert.That(text, Does.Contain("  count: 9  # TS2OTEL_SAMPLE__COUNT\n"));
            Assert.That(text, Does.Contain("  token: \"***\"  # /DIR/config.yaml:4\n  token_file: \"\"  # default\n"));
            Assert.That(text, Does.Contain("  keys: [\"***\"]  # /DIR/config.yaml:5\n"));
            Assert.That(text, Does.Contain("  headers: {\"x-org\":\"***\"}  # "));
            Assert.That(text, Does.Contain("  labels: {\"team\":\"net\"}  # "));
            Assert.That(text, Does.Contain("  routes: [{\"path\":\"/\",\"token\":\"***\",\"part\":{\"depth\":null,\"wanted\":null,\"cert_file\":\"\"}}]  # "));
            Assert.That(text, Does.Contain("  interval: 1m30s  # default\n  pause: 2s  # "));
            Assert.That(text, Does.Contain("  color: dark_blue  # default\n"));
            Assert.That(text, Does.Contain("  part:\n    depth: null  # default\n"));
            Assert.That(text, Does.Not.Contain("hunter2"));
        });
    }

    [Test]
    public void What_it_shows_can_be_read_back()
    {
        var yaml = EffectiveConfig.ToYaml(SampleConfig.Load(Yaml));
        var again = SampleConfig.Load(yaml);

        Assert.That(again.Errors, Is.Empty);
        Assert.That(WithoutOrigins(EffectiveConfig.ToYaml(again)), Is.EqualTo(WithoutOrigins(yaml)));
    }

    [Test]
    public void JSON_has_a_value_and_an_origin_for_every_key()
    {
        var config = SampleConfig.Load(Yaml);
        using var json = JsonDocument.Parse(EffectiveConfig.ToJson(config));

        Assert.Multiple(() =>
        {
            Assert.That(json.RootElement.EnumerateObject().Select(p => p.Name), Is.EquivalentTo(config.Values.Select(v => v.Key)));
            Assert.That(json.RootElement.GetProperty("sample.count").GetRawText(), Does.Contain("\"value\": 3"));
            Assert.That(json.RootElement.GetProperty("sample.interval").GetProperty("value").GetString(), Is.EqualTo("1m30s"));
            Assert.That(json.RootElement.GetProperty("sample.part.wanted").GetProperty("value").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(json.RootElement.GetProperty("log_level").GetProperty("origin").GetString(), Does.EndWith("config.yaml:1"));
            Assert.That(json.RootElement.GetRawText(), Does.Not.Contain("hunter2"));
        });
    }

    static string WithoutOrigins(string yaml) => string.Join('\n', yaml.Split('\n').Select(l => l.Split("  # /")[0].Split("  # default")[0]));
}
