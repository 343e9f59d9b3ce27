using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Tests.Processing.Devices;

sealed class GaugeAttributesTests
{
    [Test]
    public void Leaves_out_what_has_no_value() =>
        Assert.That(Text(new GaugeAttributes("").Of(1, ("host.name", "web"), ("os.type", ""), ("os.version", null), ("flag", false))), Is.EqualTo("host.name=web flag=False"));

    [Test]
    public void Adds_the_tailnet_that_has_a_name() =>
        Assert.That(Text(new GaugeAttributes("example.com").Of(0)), Is.EqualTo("tailscale.tailnet=example.com"));

    [TestCase(false, true, "tailscale.tailnet=#1 host.id=7 os.type=linux")]
    [TestCase(true, false, "tailscale.tailnet=#1 host.name=web os.type=linux")]
    [TestCase(false, false, "", Description = "nothing tells the device from others")]
    public void Leaves_out_what_may_not_leave(bool hostnames, bool nodeIds, string expected)
    {
        var redactor = new Redactor(new PiiFilterOptions { Hostnames = hostnames, NodeIds = nodeIds, TailnetName = false });

        Assert.That(Text(new GaugeAttributes("#1", redactor).Of(2, ("host.name", "web"), ("host.id", "7"), ("os.type", "linux"))), Is.EqualTo(expected));
    }

    static string Text(KeyValuePair<string, object?>[]? attributes) => attributes is null ? "" : string.Join(' ', attributes.Select(a => $"{a.Key}={a.Value}"));
}
