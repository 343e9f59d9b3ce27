using Tailscale2Otel.Processing.Devices;

namespace Tailscale2Otel.Tests.Processing.Devices;

sealed class GaugeAttributesTests
{
    [Test]
    public void Leaves_out_what_has_no_value() =>
        Assert.That(Text(new GaugeAttributes("").Of(1, ("host.name", "web"), ("os.type", ""), ("os.version", null), ("flag", false))), Is.EqualTo("host.name=web flag=False"));

    [Test]
    public void Adds_the_tailnet_that_has_a_name() =>
        Assert.That(Text(new GaugeAttributes("example.com").Of(0)), Is.EqualTo("tailscale.tailnet=example.com"));

    [TestCase("host.name", "host.id=7 os.type=linux")]
    [TestCase("os.type", "host.name=web host.id=7")]
    [TestCase("host", "", Description = "nothing tells the device from others")]
    public void Leaves_out_what_may_not_leave(string filtered, string expected)
    {
        var attributes = new GaugeAttributes("", (key, _) => !key.StartsWith(filtered, StringComparison.Ordinal));

        Assert.That(Text(attributes.Of(2, ("host.name", "web"), ("host.id", "7"), ("os.type", "linux"))), Is.EqualTo(expected));
    }

    [Test]
    public void Asks_with_the_value_too() =>
        Assert.That(Text(new GaugeAttributes("", (_, value) => value is not "web").Of(1, ("tailscale.tag", "web"))), Is.Empty);

    static string Text(KeyValuePair<string, object?>[]? attributes) => attributes is null ? "" : string.Join(' ', attributes.Select(a => $"{a.Key}={a.Value}"));
}
