using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed partial class ConfigLoaderTests
{
    [Test]
    public void Binds_a_key_of_every_kind()
    {
        using var sample = new SampleConfig();
        var options = sample.LoadHere("""
            sample:
              name: somebody
              pace: fast
              enabled: yes
              count: 7
              total: 2000000000
              ratio: 1.5e-1
              max_body_bytes: 64MiB
              interval: 1m30s
              pause: 2s
              color: red
              directory: data
              token: hunter2
              keys: [one, two]
              tags: [a, b]
              headers: {X-Org: "1"}
              labels: {team: net}
              routes:
                - path: /a
                  token: t1
                  part: {depth: 4, cert_file: cert.pem}
                - path: /b
              part: {depth: 9, wanted: off}
            """).Get<SampleOptions>();

        Assert.Multiple(() =>
        {
            Assert.That(options.Name, Is.EqualTo("somebody"));
            Assert.That(options.Pace, Is.EqualTo("fast"));
            Assert.That(options.Enabled, Is.True);
            Assert.That(options.Count, Is.EqualTo(7));
            Assert.That(options.Total, Is.EqualTo(2_000_000_000));
            Assert.That(options.Ratio, Is.EqualTo(0.15));
            Assert.That(options.MaxBodyBytes, Is.EqualTo(67_108_864));
            Assert.That(options.Interval, Is.EqualTo(TimeSpan.FromSeconds(90)));
            Assert.That(options.Pause, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(options.Color, Is.EqualTo(SampleColor.Red));
            Assert.That(options.Directory, Is.EqualTo(Path.Combine(sample.Directory, "data")));
            Assert.That(options.Token.Reveal(), Is.EqualTo("hunter2"));
            Assert.That(options.Keys.Select(k => k.Reveal()), Is.EqualTo(new[] { "one", "two" }));
            Assert.That(options.Tags, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(options.Headers["x-org"].Reveal(), Is.EqualTo("1"));
            Assert.That(options.Labels["team"], Is.EqualTo("net"));
            Assert.That(options.Routes.Select(r => r.Path), Is.EqualTo(new[] { "/a", "/b" }));
            Assert.That(options.Routes[0].Part.Depth, Is.EqualTo(4));
            Assert.That(options.Routes[0].Part.CertFile, Is.EqualTo(Path.Combine(sample.Directory, "cert.pem")));
            Assert.That(options.Part.Depth, Is.EqualTo(9));
            Assert.That(options.Part.Wanted, Is.False);
        });
    }

    [TestCase(null, null, null, 10, "default")]
    [TestCase(20, null, null, 20, "OTEL_EXPORTER_OTLP_TIMEOUT")]
    [TestCase(20, 30, null, 30, "/DIR/config.yaml:1")]
    [TestCase(20, 30, 40, 40, "TS2OTEL_OTLP__TIMEOUT")]
    [TestCase(20, null, 40, 40, "TS2OTEL_OTLP__TIMEOUT")]
    [TestCase(null, 30, 40, 40, "TS2OTEL_OTLP__TIMEOUT")]
    public void A_stronger_layer_wins(int? standard, int? file, int? variable, int expected, string origin)
    {
        using var sample = new SampleConfig();
        sample.Write("config.yaml", file is null ? "" : $"otlp: {{timeout: {file}s}}");
        var environment = new Dictionary<string, string>();
        if (standard is not null)
            environment["OTEL_EXPORTER_OTLP_TIMEOUT"] = $"{standard}000";
        if (variable is not null)
            environment["TS2OTEL_OTLP__TIMEOUT"] = $"{variable}s";

        var config = new ConfigLoader(new OptionsSchema([OptionsClass.Of<SampleOtlpOptions>()], [])).Load(sample.File, environment);

        Assert.That(config.Errors, Is.Empty);
        Assert.That(config.Get<SampleOtlpOptions>().Timeout, Is.EqualTo(TimeSpan.FromSeconds(expected)));
        Assert.That(config.Values.Single(v => v.Key == "otlp.timeout").Origin.Replace(sample.Directory, "/DIR", StringComparison.Ordinal), Is.EqualTo(origin));
    }

    [Test]
    public void Finds_all_errors_at_once()
    {
        var config = SampleConfig.Load("sample: {count: x, interval: y, naem: z}\nlog_level: loud\n", ("TS2OTEL_SAMPLE__COLOR", "green"));

        Assert.That(config.IsValid, Is.False);
        Assert.That(config.Errors.Select(e => e.Key), Is.EquivalentTo(new[] { "sample.count", "sample.interval", "sample.naem", "log_level", "sample.color" }));
    }

    [Test]
    public void A_value_that_does_not_bind_is_not_judged_a_second_time()
    {
        var config = SampleConfig.Load("sample: {enabled: true, total: lots}");

        Assert.That(config.Errors.Select(e => e.Key), Is.EqualTo(new[] { "sample.total" }));
    }

    [Test]
    public void Reports_a_failure_that_names_no_key_without_its_credentials()
    {
        var config = SampleConfig.Load("sample: {name: fail}");

        Assert.That(config.Errors.Select(e => e.ToString()), Is.EqualTo(new[] { "no key: see https://***@example.com" }));
    }

    [Test]
    public void Runs_without_a_file()
    {
        using var sample = new SampleConfig();

        var config = sample.LoadHere(null, ("TS2OTEL_SAMPLE__NAME", "env"));

        Assert.That(config.Errors, Is.Empty);
        Assert.That(config.Get<SampleOptions>().Name, Is.EqualTo("env"));
    }

    [Test]
    public void A_key_without_a_value_and_an_empty_section_leave_the_default()
    {
        var config = SampleConfig.Load("sample:\n  name:\n  count: ~\n  part:\nadmin:\n");

        Assert.That(config.Errors, Is.Empty);
        Assert.That(config.Get<SampleOptions>(), Has.Property("Name").EqualTo("nobody").And.Property("Count").EqualTo(3));
    }

    [Test]
    public void Empty_text_unsets_what_may_be_missing_and_is_an_error_elsewhere()
    {
        var config = SampleConfig.Load("sample: {pause: \"\", interval: \"\"}");

        Assert.That(config.Errors.Select(e => e.Key), Is.EqualTo(new[] { "sample.interval" }));
        Assert.That(config.Get<SampleOptions>().Pause, Is.Null);
    }

    [Test]
    public void Names_the_keys_that_are_not_built_yet_in_one_warning()
    {
        using var sample = new SampleConfig();
        var config = sample.LoadHere(
            """
            tailnets: [{name: a, objectstore: {flow: {bucket: b}}}]
            enrichment: {geoip: {enabled: true}}
            checkpoint: {store: memory, file_path: x}
            ingress_wal: {enabled: true}
            """,
            ("TS2OTEL_GRAFANA_ANNOTATIONS__URL", "http://x"));

        Assert.That(config.Errors, Is.Empty);
        Assert.That(sample.Texts(config.Warnings), Is.EqualTo(new[]
        {
            "accepted, not built yet: enrichment.geoip.enabled, grafana_annotations.url, tailnets[].objectstore",
            "accepted, without effect: checkpoint.file_path, checkpoint.store (the spool is always there and keeps every cursor)",
            "accepted, without effect: ingress_wal.enabled (the spool is always there and every receiver writes to it first)",
        }));
    }

    [Test]
    public void A_relative_path_starts_where_it_was_written()
    {
        using var sample = new SampleConfig();

        var fromFile = sample.LoadHere("sample: {directory: a/../b}").Get<SampleOptions>();
        var fromVariable = sample.LoadHere(null, ("TS2OTEL_SAMPLE__DIRECTORY", "b")).Get<SampleOptions>();

        Assert.That(fromFile.Directory, Is.EqualTo(Path.Combine(sample.Directory, "b")));
        Assert.That(fromVariable.Directory, Is.EqualTo(Path.Combine(Environment.CurrentDirectory, "b")));
        Assert.That(SampleConfig.Load("").Get<SampleOptions>().Directory, Is.EqualTo("/var/lib/sample"));
    }
}
