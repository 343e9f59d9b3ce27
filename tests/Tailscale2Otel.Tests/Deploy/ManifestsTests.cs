using System.Net;
using Tailscale2Otel.Admin;
using Tailscale2Otel.Config;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>The plain manifests, which are the chart's with default values.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class ManifestsTests : IDisposable
{
    const string Name = "tailscale2otel";
    const string Secrets = "/etc/tailscale2otel/secrets/";

    static readonly IReadOnlyList<YamlNode> Manifests = YamlPath.Documents(DeployFile.Text("kubernetes/manifests.yaml"));

    readonly TemporaryFolder _folder = new();
    readonly LoadedConfig _config;

    public ManifestsTests() => _config = DeployFile.Load(Manifests.Resource("ConfigMap").Text("data", "config.yaml"), Secrets, _folder);

    static YamlNode Set => Manifests.Resource("StatefulSet");

    static YamlNode Pod => Set.At("spec", "template", "spec");

    static YamlNode Container => Pod.Items("containers").Single();

    static Dictionary<string, int> Ports => Container.Items("ports").ToDictionary(p => p.Text("name"), p => int.Parse(p.Text("containerPort")));

    int StreamPort => PortOf(_config.Get<HecOptions>().Listen);

    int AdminPort => PortOf(_config.Get<AdminOptions>().Listen);

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Its_configuration_loads_without_a_complaint() => Assert.That(DeployFile.Complaints(_config), Is.Empty);

    [Test]
    public void Ports_are_those_of_the_configuration() =>
        Assert.That(Ports, Is.EquivalentTo(new Dictionary<string, int> { ["stream"] = StreamPort, ["admin"] = AdminPort }));

    [Test]
    public async Task Probes_ask_the_admin_listener_for_what_it_answers()
    {
        var probes = new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(p => Container.At(p, "httpGet")).ToList();
        Assert.That(probes.Select(p => p.Text("port")).Distinct(), Is.EqualTo(new[] { "admin" }));
        Assert.That(ListenAddress.TryParse(_config.Get<AdminOptions>().Listen, out var listen) && !listen.IsLoopback, "the kubelet asks from outside");

        var admin = $"127.0.0.1:{FreePort.Next()}";
        await using var daemon = await Daemon.StartAsync(DaemonVariables.Load(_folder.File("spool"), ("ADMIN__ENABLED", "true"), ("ADMIN__LISTEN", admin)), null, null, default);
        using var client = new HttpClient();
        foreach (var path in probes.Select(p => p.Text("path")).Distinct())
        {
            using var answer = await client.GetAsync(new Uri($"http://{admin}{path}"));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        }
    }

    [Test]
    public void Liveness_does_not_depend_on_readiness()
    {
        Assert.That(Container.Text("livenessProbe", "httpGet", "path"), Is.EqualTo("/healthz"));
        Assert.That(Container.Text("readinessProbe", "httpGet", "path"), Is.EqualTo("/readyz"));
    }

    [Test]
    public void Services_lead_to_the_receivers_and_not_to_the_admin_listener()
    {
        var services = Manifests.Where(m => m.Text("kind") == "Service").ToList();
        var ports = services.SelectMany(s => s.Items("spec", "ports")).ToList();

        Assert.That(ports.Select(p => (p.Text("targetPort"), int.Parse(p.Text("port")))), Is.EqualTo(new[] { ("stream", StreamPort) }));
        Assert.That(services.Select(s => s.Text("metadata", "name")), Does.Contain(Set.Text("spec", "serviceName")));
        Assert.That(Manifests, Has.None.Matches<YamlNode>(m => m.Text("kind") == "Ingress"));
    }

    [Test]
    public void Everything_selects_the_pod()
    {
        var labels = Set.Texts("spec", "template", "metadata", "labels");
        var selectors = Manifests.Where(m => m.Text("kind") == "Service").Select(s => s.Texts("spec", "selector"))
            .Append(Set.Texts("spec", "selector", "matchLabels"))
            .Append(Manifests.Resource("NetworkPolicy").Texts("spec", "podSelector", "matchLabels"))
            .Append(Manifests.Resource("PodDisruptionBudget").Texts("spec", "selector", "matchLabels"))
            .ToList();

        Assert.That(selectors, Has.Count.EqualTo(5));
        foreach (var selector in selectors)
            Assert.That(selector, Is.Not.Empty.And.SubsetOf(labels));
    }

    [Test]
    public void The_policy_lets_in_to_the_receivers_and_out_to_the_backend()
    {
        var policy = Manifests.Resource("NetworkPolicy").At("spec");
        var otlp = OtlpTarget.Resolve(_config.Get<OtlpOptions>(), OtlpSignal.Logs)!.Endpoint;

        Assert.That(PortsOf(policy, "ingress"), Is.EqualTo(new[] { StreamPort }));
        Assert.That(PortsOf(policy, "egress"), Does.Contain(otlp.Port).And.Contain(443).And.Contain(53));
    }

    [Test]
    public void The_spool_is_on_a_volume_that_holds_it()
    {
        var claim = Set.Items("spec", "volumeClaimTemplates").Single();
        var mount = Container.Items("volumeMounts").Single(m => m.Text("name") == claim.Text("metadata", "name")).Text("mountPath");
        var spool = _config.Get<SpoolOptions>();
        var needed = spool.MaxBytes + spool.SegmentBytes + spool.MinFreeBytes + _config.Get<DeadLetterOptions>().MaxBytes + (256L << 20);

        Assert.That(spool.Directory, Does.StartWith(mount + "/"));
        Assert.That(Gibibytes(claim.Text("spec", "resources", "requests", "storage")) * 0.95, Is.GreaterThan(needed));
    }

    [Test]
    public void What_is_mounted_is_defined_and_the_configuration_is_found()
    {
        var volumes = Pod.Items("volumes").Concat(Set.Items("spec", "volumeClaimTemplates").Select(c => c.At("metadata"))).Select(v => v.Text("name")).ToList();
        var mounts = Container.Items("volumeMounts");

        Assert.That(mounts.Select(m => m.Text("name")), Is.EquivalentTo(volumes));
        Assert.That(Container.Items("env").Single(e => e.Text("name") == VariableName.ConfigFile).Text("value"), Is.EqualTo(mounts.Single(m => m.Text("name") == "config").Text("mountPath")));
        Assert.That(mounts.Single(m => m.Text("name") == "secrets").Text("mountPath") + "/", Is.EqualTo(Secrets));
        Assert.That(Pod.Items("volumes").Single(v => v.Text("name") == "config").Text("configMap", "name"), Is.EqualTo(Name));
    }

    [Test]
    public void Runs_without_rights_and_has_time_for_the_drain()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Pod.Text("securityContext", "runAsNonRoot"), Is.EqualTo("true"));
            Assert.That(Pod.Text("securityContext", "runAsUser"), Is.EqualTo(DockerImage.Read().Variables["APP_UID"]));
            Assert.That(Pod.Text("securityContext", "fsGroup"), Is.EqualTo(DockerImage.Read().Variables["APP_UID"]));
            Assert.That(Container.Text("securityContext", "readOnlyRootFilesystem"), Is.EqualTo("true"));
            Assert.That(Container.Text("securityContext", "allowPrivilegeEscalation"), Is.EqualTo("false"));
            Assert.That(Pod.Text("automountServiceAccountToken"), Is.EqualTo("false"));
            Assert.That(TimeSpan.FromSeconds(int.Parse(Pod.Text("terminationGracePeriodSeconds"))), Is.GreaterThan(new ShutdownOptions().Total));
        });
    }

    [Test]
    [Needs("helm")]
    public async Task Are_what_the_chart_gives()
    {
        var (code, output) = await Tool.RunAsync("bash", DeployFile.Path("kubernetes/render.sh"), "--check");

        Assert.That(code, Is.Zero, output);
    }

    static IEnumerable<int> PortsOf(YamlNode policy, string direction) =>
        policy.Items(direction).SelectMany(r => r.Items("ports")).Select(p => int.Parse(p.Text("port"))).Distinct();

    static int PortOf(string listen) => ListenAddress.TryParse(listen, out var address) ? address.Port : throw new AssertionException(listen);

    static double Gibibytes(string size) => double.Parse(size[..^"Gi".Length]) * (1L << 30);
}
