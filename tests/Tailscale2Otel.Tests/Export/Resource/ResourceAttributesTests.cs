using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export.Resource;

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

    static Dictionary<string, object> Build(ResourceOptions options, SelfObservabilityOptions self, bool withVersion) =>
        ResourceAttributes.Build(options, self, withVersion).ToDictionary();
}
