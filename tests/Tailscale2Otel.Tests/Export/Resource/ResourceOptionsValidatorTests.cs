using Tailscale2Otel.Export.Resource;

namespace Tailscale2Otel.Tests.Export.Resource;

sealed class ResourceOptionsValidatorTests
{
    static readonly string Long = new('x', 257);

    static IEnumerable<TestCaseData> Broken()
    {
        yield return Case(new ResourceOptions { ServiceName = "" }, "resource.service_name: must not be empty");
        yield return Case(new ResourceOptions { ServiceNamespace = Long }, "resource.service_namespace: must be at most 256 bytes long");
        yield return Case(new ResourceOptions { DeploymentEnvironment = Long }, "resource.deployment_environment: must be at most 256 bytes long");
        yield return Case(With("k", Long), "resource.attributes.k: must be at most 256 bytes long");
        yield return Case(With(new string('ä', 65), "v"), "resource.attributes: a name must be 1 to 128 bytes long");
        yield return Case(With("", "v"), "resource.attributes: a name must be 1 to 128 bytes long");
        yield return Case(With("service.version", "v"), "resource.attributes.service.version: is reserved; it is the daemon's own");
        yield return Case(With("tailscale.tailnet", "v"), "resource.attributes.tailscale.tailnet: is reserved; it is set on every record");
        yield return Case(
            new ResourceOptions { Attributes = Enumerable.Range(0, 33).ToDictionary(i => $"k{i}", _ => "v") },
            "resource.attributes: at most 32 are allowed, not 33");
    }

    [TestCaseSource(nameof(Broken))]
    public void Says_what_is_wrong(object options, string expected) =>
        Assert.That(new ResourceOptionsValidator().Validate(null, (ResourceOptions)options).Failures, Is.EqualTo(new[] { expected }));

    [Test]
    public void Takes_the_defaults() => Assert.That(new ResourceOptionsValidator().Validate(null, new ResourceOptions()).Succeeded, Is.True);

    static ResourceOptions With(string key, string value) => new() { Attributes = new Dictionary<string, string> { [key] = value } };

    static TestCaseData Case(ResourceOptions options, string expected) => new(options, expected) { TestName = expected };
}
