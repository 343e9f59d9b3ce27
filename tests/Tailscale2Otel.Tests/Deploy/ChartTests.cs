using System.Text.RegularExpressions;
using Tailscale2Otel.Admin;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Tailscale2Otel.Tests.Deploy;

[TestFixture]
sealed partial class ChartTests
{
    const string Chart = "deploy/kubernetes/chart";
    const string Secrets = "/etc/tailscale2otel/secrets/";

    static readonly YamlNode Values = YamlPath.Documents(SourceTree.Read($"{Chart}/values.yaml")).Single();

    /// <summary>JSON is YAML.</summary>
    static readonly YamlNode Schema = YamlPath.Documents(SourceTree.Read($"{Chart}/values.schema.json")).Single();

    static IEnumerable<(string Name, string Text)> Templates => DeployFile.All().Where(f => f.Name.StartsWith("kubernetes/chart/templates", StringComparison.Ordinal));

    [TestCase("version")]
    [TestCase("appVersion")]
    public void Has_the_version_of_the_build(string key) =>
        Assert.That(YamlPath.Documents(SourceTree.Read($"{Chart}/Chart.yaml")).Single().Text(key), Is.EqualTo(DeployFile.Version));

    [Test]
    public void A_template_uses_only_values_that_are_there()
    {
        var used = Templates.SelectMany(t => UsedValues().Matches(t.Text).Select(m => (t.Name, Value: m.Groups[1].Value))).ToList();

        Assert.That(used, Has.Count.GreaterThan(20));
        Violations.None(used.Where(u => Values.Find(u.Value.Split('.')) is null).Select(u => $"{u.Name}: .Values.{u.Value} is not in values.yaml"));
    }

    [Test]
    public void The_schema_knows_the_values_and_no_others() => Violations.None(Differences(Values, Schema, ""));

    [Test]
    public void Every_value_is_used()
    {
        var used = Templates.SelectMany(t => UsedValues().Matches(t.Text).Select(m => m.Groups[1].Value.Split('.')[0])).ToHashSet();

        Assert.That(Values.Names().Where(v => !used.Contains(v)), Is.Empty);
    }

    [Test]
    public void Templates_include_what_is_defined()
    {
        var defined = Templates.SelectMany(t => Regex.Matches(t.Text, "define \"(.+?)\"").Select(m => m.Groups[1].Value)).ToHashSet();
        var included = Templates.SelectMany(t => Regex.Matches(t.Text, "include \"(.+?)\"").Select(m => m.Groups[1].Value)).ToHashSet();

        Assert.That(included, Is.EquivalentTo(defined));
    }

    [Test]
    [Needs("helm")]
    public async Task Everything_turned_on_is_routed_to_the_two_receivers()
    {
        var (code, output) = await Tool.RunAsync(
            "helm", "template", "some", Chart, "--set", "config.webhook.enabled=true,ingress.enabled=true,ingress.stream.host=a.example.com,ingress.webhook.host=b.example.com");
        Assert.That(code, Is.Zero, output);

        var ingresses = YamlPath.Documents(output).Where(d => d.Text("kind") == "Ingress").ToList();
        var routes = ingresses.SelectMany(i => i.Items("spec", "rules")).SelectMany(r => r.Items("http", "paths"))
            .Select(p => (p.Text("path"), p.Text("backend", "service", "name"), p.Text("backend", "service", "port", "name")));
        Assert.That(routes, Is.EquivalentTo(new[]
        {
            ("/services/collector", "some-tailscale2otel-stream", "stream"),
            ("/services/collector/event", "some-tailscale2otel-stream", "stream"),
            ("/tailscale/webhook", "some-tailscale2otel-webhook", "webhook"),
        }));
    }

    [Test]
    [Needs("helm")]
    public async Task A_route_of_a_tailnet_has_its_path_in_the_ingress()
    {
        var (code, output) = await Tool.RunAsync(
            "helm", "template", "some", Chart,
            "--set", "config.streaming.routes[0].tailnet=a,config.streaming.routes[0].path=/a,config.streaming.routes[1].tailnet=b",
            "--set", "config.webhook.enabled=true,config.webhook.routes[0].tailnet=a,config.webhook.routes[0].path=/hook-a",
            "--set", "ingress.enabled=true,ingress.stream.host=a.example.com,ingress.webhook.host=b.example.com");
        Assert.That(code, Is.Zero, output);

        var paths = YamlPath.Documents(output).Where(d => d.Text("kind") == "Ingress").SelectMany(i => i.Items("spec", "rules")).SelectMany(r => r.Items("http", "paths").Select(p => (r.Text("host"), p.Text("path"))));
        Assert.That(paths, Is.EquivalentTo(new[]
        {
            ("a.example.com", "/services/collector"), ("a.example.com", "/services/collector/event"), ("a.example.com", "/a"),
            ("b.example.com", "/tailscale/webhook"), ("b.example.com", "/hook-a"),
        }));
    }

    [Test]
    [Needs("helm")]
    public async Task What_the_configuration_says_of_listeners_is_so_everywhere()
    {
        var (code, output) = await Tool.RunAsync(
            "helm", "template", "some", Chart,
            "--set", "config.streaming.listen=:1088,config.streaming.path=/hec",
            "--set", $"config.webhook.enabled=true,config.webhook.listen=:1089,config.webhook.path=/hook,config.webhook.secret_file={Secrets}webhook",
            "--set", $"config.admin.listen=:1091,config.admin.tls.cert_file={Secrets}crt,config.admin.tls.key_file={Secrets}key",
            "--set", "ingress.enabled=true,ingress.stream.host=a.example.com,ingress.webhook.host=b.example.com");
        Assert.That(code, Is.Zero, output);

        var rendered = YamlPath.Documents(output);
        using var folder = new TemporaryFolder();
        var config = DeployFile.Load(rendered.Resource("ConfigMap").Text("data", "config.yaml"), Secrets, folder);
        var container = rendered.Resource("StatefulSet").Items("spec", "template", "spec", "containers").Single();
        var ingresses = rendered.Where(d => d.Text("kind") == "Ingress").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(DeployFile.Complaints(config), Is.Empty);
            Assert.That((config.Get<HecOptions>().Listen, config.Get<WebhookOptions>().Listen, config.Get<AdminOptions>().Listen), Is.EqualTo((":1088", ":1089", ":1091")));
            Assert.That(container.Items("ports").Select(p => (p.Text("name"), p.Text("containerPort"))), Is.EquivalentTo(new[] { ("stream", "1088"), ("webhook", "1089"), ("admin", "1091") }));
            Assert.That(
                rendered.Where(d => d.Text("kind") == "Service").SelectMany(s => s.Items("spec", "ports").Select(p => (s.Text("metadata", "name"), p.Text("name"), p.Text("port"), p.Text("targetPort")))),
                Is.EquivalentTo(new[] { ("some-tailscale2otel-stream", "stream", "1088", "stream"), ("some-tailscale2otel-webhook", "webhook", "1089", "webhook") }));
            Assert.That(rendered.Resource("NetworkPolicy").Items("spec", "ingress").SelectMany(r => r.Items("ports")).Select(p => p.Text("port")), Is.EqualTo(new[] { "1088", "1089" }));
            Assert.That(
                ingresses.SelectMany(i => i.Items("spec", "rules")).SelectMany(r => r.Items("http", "paths").Select(p => (r.Text("host"), p.Text("path"), p.Text("backend", "service", "port", "name")))),
                Is.EquivalentTo(new[] { ("a.example.com", "/services/collector", "stream"), ("a.example.com", config.Get<HecOptions>().Path, "stream"), ("b.example.com", config.Get<WebhookOptions>().Path, "webhook") }));
            Assert.That(new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(p => (container.Text(p, "httpGet", "port"), container.Text(p, "httpGet", "scheme"))), Is.All.EqualTo(("admin", "HTTPS")));
        });
    }

    [TestCase("config.admin.listen=127.0.0.1:9091")]
    [TestCase("podDisruptionBudget.maxUnavailable=2")]
    [TestCase("existingSecret=")]
    [TestCase("config.spool.directory=/tmp/spool")]
    [TestCase("replicas=2")]
    [Needs("helm")]
    public async Task A_value_that_cannot_work_is_refused(string value)
    {
        var (code, output) = await Tool.RunAsync("helm", "template", "some", Chart, "--set", value);

        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("schema"));
    }

    /// <summary>In both directions, as far down as the schema goes.</summary>
    static IEnumerable<string> Differences(YamlNode values, YamlNode schema, string path)
    {
        var known = schema.Names("properties").ToHashSet();
        // The daemon's own configuration is longer than what the chart looks at; "global" is Helm's.
        var isClosed = schema.Find("additionalProperties") is not null;
        foreach (var name in values.Names().Where(n => isClosed && !known.Contains(n)))
            yield return $"the schema lacks {path}{name}";
        foreach (var name in known.Where(n => isClosed && n != "global" && values.Find(n) is null))
            yield return $"values.yaml lacks {path}{name}";
        foreach (var name in known.Where(n => values.Find(n) is YamlMappingNode))
        {
            foreach (var difference in Differences(values.At(name), schema.At("properties", name), $"{path}{name}."))
                yield return difference;
        }
    }

    [GeneratedRegex(@"\.Values\.([A-Za-z.]+)")]
    private static partial Regex UsedValues();
}
