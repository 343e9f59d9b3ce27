using Tailscale2Otel.Config;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Tailscale2Otel.Tests.Deploy;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class ComposeTests : IDisposable
{
    const string Secrets = "/run/secrets/";

    static readonly YamlNode Compose = YamlPath.Documents(DeployFile.Text("docker/compose.yaml")).Single();
    static readonly YamlNode Collector = YamlPath.Documents(DeployFile.Text("collector/config.yaml")).Single();

    readonly TemporaryFolder _folder = new();

    static YamlNode Daemon => Compose.At("services", "tailscale2otel");

    public void Dispose() => _folder.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void Its_configuration_loads_as_it_is_and_with_what_is_commented_out(bool uncommented) =>
        Assert.That(DeployFile.Complaints(Config(uncommented)), Is.Empty);

    [Test]
    public void What_is_mounted_is_there()
    {
        var mounts = new[] { Daemon, Compose.At("services", "collector") }.SelectMany(s => s.Items("volumes")).Select(v => v.Text().Split(':')).ToList();
        var volumes = Compose.Names("volumes").ToHashSet();

        Assert.That(mounts.Where(m => m[0].StartsWith('.') ? !File.Exists(DeployFile.Path($"docker/{m[0]}")) : !volumes.Contains(m[0])).Select(m => m[0]), Is.Empty);
        Assert.That(File.Exists(DeployFile.Path($"docker/{Daemon.Text("build", "context")}/{Daemon.Text("build", "dockerfile")}")));
        Assert.That(mounts.Select(m => m[1]), Does.Contain(Daemon.Text("environment", VariableName.ConfigFile)));
    }

    [Test]
    public void The_spool_is_on_a_volume()
    {
        var mounts = Daemon.Items("volumes").Select(v => v.Text().Split(':')).Where(m => !m[0].StartsWith('.')).Select(m => m[1]);
        var directory = Config(false).Get<SpoolOptions>().Directory;

        Assert.That(mounts, Has.Some.Matches<string>(m => directory.StartsWith(m + "/", StringComparison.Ordinal)));
    }

    [Test]
    public void Secrets_are_files_that_the_configuration_names()
    {
        var given = Daemon.Items("secrets").Select(s => s.Text()).ToList();

        Assert.That(Compose.Names("secrets"), Is.EquivalentTo(given));
        Assert.That(given.Where(s => !DeployFile.Text("docker/config.yaml").Contains(Secrets + s, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Daemon.Texts("environment").Keys, Has.None.Contains("TOKEN").And.None.Contains("SECRET"));
    }

    [Test]
    public void Ports_lead_to_listeners_and_to_the_collector()
    {
        var config = Config(false);
        var published = Daemon.Items("ports").Select(p => int.Parse(p.Text().Split(':')[^1]));
        var stream = ListenAddress.TryParse(config.Get<HecOptions>().Listen, out var listen) ? listen.Port : 0;
        var otlp = OtlpTarget.Resolve(config.Get<OtlpOptions>(), OtlpSignal.Logs)!.Endpoint;

        Assert.That(published, Is.EqualTo(new[] { stream }));
        Assert.That(Compose.Names("services"), Does.Contain(otlp.Host));
        Assert.That(Collector.Text("receivers", "otlp", "protocols", "http", "endpoint"), Does.EndWith($":{otlp.Port}"));
    }

    [Test]
    public void Stopping_has_time_for_the_drain_and_the_root_is_read_only()
    {
        Assert.That(TimeSpan.FromSeconds(int.Parse(Daemon.Text("stop_grace_period").TrimEnd('s'))), Is.GreaterThan(new ShutdownOptions().Total));
        Assert.That(Daemon.Text("read_only"), Is.EqualTo("true"));
        Assert.That(Daemon.Items("cap_drop").Select(c => c.Text()), Is.EqualTo(new[] { "ALL" }));
    }

    [Test]
    public void The_collector_acknowledges_nothing_from_memory()
    {
        var pipelines = Collector.Names("service", "pipelines").ToList();
        Assert.That(pipelines, Is.EquivalentTo(new[] { "logs", "metrics" }));
        foreach (var pipeline in pipelines)
        {
            foreach (var part in new[] { "receivers", "processors", "exporters" })
            {
                var used = Collector.Items("service", "pipelines", pipeline, part).Select(p => p.Text()).ToList();
                Assert.That(used, Is.Not.Empty.And.SubsetOf(Collector.Names(part)), $"{pipeline}.{part}");
                Assert.That(used, Has.None.StartsWith("batch"));
            }
        }
    }

    LoadedConfig Config(bool uncommented)
    {
        var yaml = DeployFile.Text("docker/config.yaml");
        return DeployFile.Load(uncommented ? DeployFile.Uncommented(yaml).Replace("client_id: \"\"", "client_id: some", StringComparison.Ordinal) : yaml, Secrets, _folder);
    }
}
