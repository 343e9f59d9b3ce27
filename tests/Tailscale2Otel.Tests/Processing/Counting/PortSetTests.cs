using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class PortSetTests
{
    [TestCase(1)]
    [TestCase(32)]
    [TestCase(33)]
    [TestCase(64)]
    [TestCase(65_536)]
    public void Counts_each_port_once(int count)
    {
        var ports = new PortSet();
        for (var round = 0; round < 2; round++)
        {
            for (var port = 0; port < count; port++)
                ports.Add((ushort)(port * 40_503));
        }

        Assert.That(ports.Count, Is.EqualTo(count));
    }

    [Test]
    public void Starts_again_after_clearing()
    {
        var ports = new PortSet();
        for (var port = 0; port < 100; port++)
            ports.Add((ushort)port);
        ports.Clear();
        Assert.That(ports.Count, Is.Zero);

        for (var port = 50; port < 90; port++)
            ports.Add((ushort)port);
        Assert.That(ports.Count, Is.EqualTo(40));
    }
}
