using Tailscale2Otel.Ingest.Poll.PerDevice;

namespace Tailscale2Otel.Tests.Ingest.Poll.PerDevice;

public sealed class PerDeviceOptionsValidatorTests
{
    [TestCase("intune,custom", true)]
    [TestCase("*", true)]
    [TestCase("intune:", false)]
    [TestCase("in*", false)]
    public void A_namespace_is_a_name_or_the_star(string namespaces, bool isValid) =>
        Assert.That(new PerDeviceOptionsValidator().Validate(null, new PerDeviceOptions { AttributeNamespaces = namespaces.Split(',') }).Succeeded, Is.EqualTo(isValid));

    [Test]
    public void The_default_and_nothing_are_valid()
    {
        Assert.That(new PerDeviceOptionsValidator().Validate(null, new PerDeviceOptions()).Succeeded);
        Assert.That(new PerDeviceOptionsValidator().Validate(null, new PerDeviceOptions { AttributeNamespaces = [] }).Succeeded);
        Assert.That(new PerDeviceOptionsValidator().Validate(null, new PerDeviceOptions { AttributeNamespaces = [.. Enumerable.Range(0, 65).Select(i => $"n{i}")] }).Failed);
    }
}
