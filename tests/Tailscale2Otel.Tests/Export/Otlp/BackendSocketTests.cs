using System.Net;
using System.Net.Sockets;
using System.Text;
using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Tests.Export.Otlp;

public sealed class BackendSocketTests
{
    [TestCase("localhost", true)]
    [TestCase("LocalHost", true)]
    [TestCase("127.0.0.1", true)]
    [TestCase("127.9.9.9", true)]
    [TestCase("::1", true)]
    [TestCase("collector.example.com", false)]
    [TestCase("localhost.example.com", false)]
    [TestCase("10.0.0.1", false)]
    [TestCase("fd7a:115c:a1e0::1", false)]
    public void Knows_this_machine_by_its_names(string host, bool isLoopback) => Assert.That(BackendSocket.IsLoopback(host), Is.EqualTo(isLoopback));

    [Test]
    [Platform("Linux")]
    public async Task Does_not_pace_what_stays_on_this_machine()
    {
        Assume.That(await File.ReadAllTextAsync("/proc/sys/net/ipv4/tcp_allowed_congestion_control"), Does.Contain("reno"));
        using var listener = Listen();
        await using var stream = await BackendSocket.ConnectAnyAsync([IPAddress.Loopback], PortOf(listener), default);

        var name = new byte[16];
        var length = stream.Socket.GetRawSocketOption(BackendSocket.TcpLevel, BackendSocket.CongestionOption, name);
        Assert.That(Encoding.ASCII.GetString(name, 0, length).TrimEnd('\0'), Is.EqualTo(Encoding.ASCII.GetString(BackendSocket.Plain)));
        Assert.That(stream.Socket.NoDelay);
    }

    // A collector that listens on IPv4 alone, and a "localhost" whose first address is ::1, as most systems have it.
    [Test]
    public async Task Tries_the_next_address_when_nobody_listens_at_the_first()
    {
        using var listener = Listen();
        await using var stream = await BackendSocket.ConnectAnyAsync([IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.2"), IPAddress.Loopback], PortOf(listener), default);
        Assert.That(stream.Socket.Connected);
    }

    [Test]
    public void Says_what_the_last_address_said()
    {
        using var listener = Listen();
        var port = PortOf(listener);
        listener.Stop();
        var error = Assert.CatchAsync<SocketException>(() => BackendSocket.ConnectAnyAsync([IPAddress.IPv6Loopback, IPAddress.Loopback], port, default));
        Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public async Task Is_how_a_client_reaches_a_backend_by_the_name_of_this_machine()
    {
        using var listener = Listen();
        using var client = new HttpClient(OtlpHandler.Create(new OtlpTlsOptions(), TimeSpan.FromSeconds(10)));
        var answer = client.GetStringAsync($"http://localhost:{PortOf(listener)}/");
        using var socket = await listener.AcceptSocketAsync();
        _ = await socket.ReceiveAsync(new byte[4096]);
        _ = await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        Assert.That(await answer, Is.EqualTo("ok"));
    }

    static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
