using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Redaction;

namespace Tailscale2Otel.Tests.Export.Resource;

sealed class ResourceAttributesTests
{
    [Test]
    public void Names_the_service_and_where_it_runs()
    {
        var attributes = Build(new ResourceOptions(), new SelfObservabilityOptions(), withVersion: true);

        Assert.That(attributes.Keys, Is.EquivalentTo(new[]
        {
            "service.name", "service.instance.id", "service.version", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version",
            "os.type", "os.description", "process.pid", "process.executable.name", "process.runtime.name", "process.runtime.version", "host.name",
        }));
        Assert.Multiple(() =>
        {
            Assert.That(attributes["service.name"], Is.EqualTo("tailscale2otel"));
            Assert.That(attributes["service.instance.id"], Is.EqualTo(Environment.MachineName));
            Assert.That(attributes["service.version"], Is.EqualTo(ProductInfo.Version));
            Assert.That(attributes["process.pid"], Is.EqualTo((long)Environment.ProcessId));
            Assert.That(attributes["telemetry.sdk.version"], Does.Match(@"^\d+\.\d+\.\d+"));
            Assert.That(attributes["process.runtime.version"], Does.StartWith("10."));
        });
    }

    [Test]
    public void Takes_what_the_operator_says()
    {
        var attributes = Build(
            new ResourceOptions
            {
                ServiceName = "bridge",
                ServiceNamespace = "net",
                DeploymentEnvironment = "prod",
                Attributes = new Dictionary<string, string> { ["team"] = "blue", ["host.name"] = "vm-1" },
            },
            new SelfObservabilityOptions { InstanceId = "i-1" },
            withVersion: false);

        Assert.Multiple(() =>
        {
            Assert.That(attributes["service.name"], Is.EqualTo("bridge"));
            Assert.That(attributes["service.namespace"], Is.EqualTo("net"));
            Assert.That(attributes["deployment.environment.name"], Is.EqualTo("prod"));
            Assert.That(attributes["service.instance.id"], Is.EqualTo("i-1"));
            Assert.That(attributes["team"], Is.EqualTo("blue"));
            Assert.That(attributes["host.name"], Is.EqualTo("vm-1"));
            Assert.That(attributes, Does.Not.ContainKey("service.version"));
        });
    }

    [Test]
    public void The_hosts_name_is_left_out_when_host_names_are_wherever_it_comes_from()
    {
        var options = new ResourceOptions { Attributes = new Dictionary<string, string> { ["host.name"] = "vm-1", ["team"] = "10.0.0.1" } };
        var redactor = SomeFilter.Off(PiiCategories.Hostnames);

        var attributes = ResourceAttributes.Build(options, new SelfObservabilityOptions(), true, redactor).ToDictionary();

        Assert.That(attributes.Keys, Does.Not.Contain("host.name").And.Not.Contain("service.instance.id"));
        Assert.That(attributes["team"], Is.EqualTo("10.0.0.1"), "what an operator adds under a name of his own is his word");
        Assert.That(ResourceAttributes.Build(options, new SelfObservabilityOptions { InstanceId = "i-1" }, true, redactor).ToDictionary()["service.instance.id"], Is.EqualTo("i-1"));
        Assert.That(ResourceAttributes.Build(options, new SelfObservabilityOptions(), true, SomeFilter.Off(PiiCategories.Emails)), Is.EqualTo(ResourceAttributes.Build(options, new SelfObservabilityOptions(), true)));
    }

    static Dictionary<string, object> Build(ResourceOptions options, SelfObservabilityOptions self, bool withVersion) =>
        ResourceAttributes.Build(options, self, withVersion).ToDictionary();
}
