using System.Net;
using System.Net.Sockets;
using System.Text;
using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Tests.Export.Otlp;

[Platform("Linux")]
public class BackendSocketTests
{
    [TestCase("localhost")]
    [TestCase("LocalHost")]
    [TestCase("127.0.0.1")]
    [TestCase("127.9.9.9")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    public void Does_not_pace_what_stays_on_this_machine(string host)
    {
        using var socket = BackendSocket.Create(host);
        Assert.That(ControlOf(socket), Is.EqualTo(Encoding.ASCII.GetString(BackendSocket.Plain)));
    }

    [TestCase("collector.example.com")]
    [TestCase("localhost.example.com")]
    [TestCase("10.0.0.1")]
    [TestCase("fd7a:115c:a1e0::1")]
    public void Leaves_the_control_of_congestion_on_a_network_to_the_system(string host)
    {
        using var plain = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var socket = BackendSocket.Create(host);
        Assert.That(ControlOf(socket), Is.EqualTo(ControlOf(plain)));
    }

    [Test]
    public async Task Keeps_it_when_it_is_connected_and_sends_at_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = BackendSocket.Create("localhost");
        await socket.ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port));
        Assert.That((ControlOf(socket), socket.NoDelay), Is.EqualTo((Encoding.ASCII.GetString(BackendSocket.Plain), true)));
    }

    static string ControlOf(Socket socket)
    {
        var name = new byte[16];
        var length = socket.GetRawSocketOption(BackendSocket.TcpLevel, BackendSocket.CongestionOption, name);
        return Encoding.ASCII.GetString(name, 0, length).TrimEnd('\0');
    }
}
