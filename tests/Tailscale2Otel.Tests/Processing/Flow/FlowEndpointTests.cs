using System.Text;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class FlowEndpointTests
{
    [TestCase("100.64.10.1:443", "100.64.10.1", 443)]
    [TestCase("100.64.10.1:0", "100.64.10.1", 0)]
    [TestCase("100.64.10.1:", "100.64.10.1", 0)]
    [TestCase("100.64.10.1", "100.64.10.1", 0)]
    [TestCase("100.64.10.1:65535", "100.64.10.1", 65535)]
    [TestCase("[fd7a:115c:a1e0::a01]:443", "fd7a:115c:a1e0::a01", 443)]
    [TestCase("[fd7a:115c:a1e0::a01]", "fd7a:115c:a1e0::a01", 0)]
    [TestCase("[fe80::1%eth0]:1", "fe80::1%eth0", 1)]
    [TestCase("fd7a:115c:a1e0::a01", "fd7a:115c:a1e0::a01", 0)]
    [TestCase("::1", "::1", 0)]
    public void Takes_address_and_port_apart(string text, string host, int port)
    {
        var payload = Encoding.ASCII.GetBytes("xx" + text);

        Assert.That(FlowEndpoint.TryParse(payload.AsSpan(2), new TextSlice(2, text.Length), out var endpoint), Is.True);

        var read = new FlowText(payload, default);
        Assert.That(Encoding.ASCII.GetString(read[endpoint.Text]), Is.EqualTo(text));
        Assert.That(Encoding.ASCII.GetString(read[endpoint.Host]), Is.EqualTo(host));
        Assert.That(endpoint.Port, Is.EqualTo(port));
        Assert.That(endpoint.IsPresent, Is.True);
    }

    [TestCase("")]
    [TestCase(":443")]
    [TestCase("host:443")]
    [TestCase("5")]
    [TestCase("100.64.10.1:65536")]
    [TestCase("100.64.10.1:-1")]
    [TestCase("100.64.10.1:http")]
    [TestCase("100.64.10.1:4 3")]
    [TestCase("100.64.10.1:000443")]
    [TestCase("[100.64.10.1]:443")]
    [TestCase("[::1")]
    [TestCase("[::1]443")]
    [TestCase("[]:443")]
    [TestCase("[fe80::1%]:1")]
    [TestCase("100.64.10.1%eth0:1")]
    public void Refuses_what_is_neither(string text)
    {
        Assert.That(FlowEndpoint.TryParse(Encoding.ASCII.GetBytes(text), new TextSlice(0, text.Length), out var endpoint), Is.False);
        Assert.That(endpoint.IsPresent, Is.False);
    }

    [Test]
    public void Refuses_a_zone_longer_than_any_interface_name() =>
        Assert.That(FlowEndpoint.TryParse(Encoding.ASCII.GetBytes($"[fe80::1%{new string('e', 65)}]:1"), default, out _), Is.False);

    [Test]
    public void Orders_as_nodes_do_absent_first_then_family_address_port_and_zone()
    {
        string[] sorted = ["", "9.0.0.1:9", "10.0.0.1", "10.0.0.1:2", "10.0.0.1:10", "[::1]:1", "[fe80::1]:1"];

        for (var i = 0; i < sorted.Length; i++)
        {
            for (var j = 0; j < sorted.Length; j++)
                Assert.That(Math.Sign(FlowEndpoint.Compare(Parse(sorted[i]), Parse(sorted[j]))), Is.EqualTo(Math.Sign(i - j)), $"{sorted[i]} and {sorted[j]}");
        }

        Assert.That(FlowEndpoint.Compare(Parse("[fe80::1%a]:1"), Parse("[fe80::1%b]:1")), Is.Not.Zero);
    }

    static FlowEndpoint Parse(string text)
    {
        _ = FlowEndpoint.TryParse(Encoding.ASCII.GetBytes(text), new TextSlice(0, text.Length), out var endpoint);
        return endpoint;
    }
}
