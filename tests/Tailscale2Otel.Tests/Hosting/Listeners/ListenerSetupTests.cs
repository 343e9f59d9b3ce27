using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Listeners;

public sealed class ListenerSetupTests
{
    [TestCase(":0", "127.0.0.1")]
    [TestCase(":0", "::1")]
    [TestCase("[::]:0", "127.0.0.1")]
    [TestCase("[::]:0", "::1")]
    [TestCase("[::1]:0", "::1")]
    [TestCase("0.0.0.0:0", "127.0.0.1")]
    [TestCase("127.0.0.1:0", "127.0.0.1")]
    [TestCase("localhost:0", "127.0.0.1")]
    public async Task Listens_where_it_is_told(string listen, string from)
    {
        Assume.That(Socket.OSSupportsIPv6 || !from.Contains(':'), "this machine has no IPv6");
        await using var app = await StartAsync([Listener("streaming", listen)]);
        Assert.That(await GetAsync(app, 0, from), Is.EqualTo("streaming HTTP/1.1 http"));
    }

    [Test]
    public async Task Each_listener_has_its_own_pipeline_and_tells_the_requests_which()
    {
        await using var app = await StartAsync([Listener("streaming", "127.0.0.1:0"), Listener("admin", "127.0.0.1:0")]);
        Assert.That(await GetAsync(app, 0), Is.EqualTo("streaming HTTP/1.1 http"));
        Assert.That(await GetAsync(app, 1), Is.EqualTo("admin HTTP/1.1 http"));
    }

    [Test]
    public async Task Without_TLS_a_client_may_begin_with_HTTP_2()
    {
        await using var app = await StartAsync([Listener("streaming", "127.0.0.1:0")]);
        using var client = new HttpClient();
        for (var i = 0; i < 2; i++)
            Assert.That(await GetAsync(app, 0, version: HttpVersion.Version20), Is.EqualTo("streaming HTTP/2 http"));
    }

    [Test]
    public async Task A_preface_in_single_bytes_and_a_request_line_alike_are_told_apart()
    {
        await using var app = await StartAsync([Listener("streaming", "127.0.0.1:0")]);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Ports(app)[0]);
        client.NoDelay = true;
        foreach (var part in new[] { "P", "RI", " / HTTP/1.1\r\nHost: x\r\n\r\n" })
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(part));
        var answer = await HecWire.ReadAsync(client.GetStream(), cancellation: new CancellationTokenSource(HecWire.Patience).Token);
        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_silent_connection_is_closed_when_the_server_stops()
    {
        var app = await StartAsync([Listener("streaming", "127.0.0.1:0")]);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Ports(app)[0]);
        var stopping = app.StopAsync();
        Assert.That(await ReadEndAsync(client), Is.Zero);
        await stopping.WaitAsync(HecWire.Patience);
        await app.DisposeAsync();
    }

    [TestCase(2, "streaming HTTP/2 https")]
    [TestCase(1, "streaming HTTP/1.1 https")]
    public async Task TLS_negotiates_the_version_and_sends_the_whole_chain(int version, string expected)
    {
        using var files = new CertificateFiles();
        await using var app = await StartAsync([Listener("streaming", "127.0.0.1:0", files.Tls)]);
        Assert.That(await GetAsync(app, 0, version: new Version(version, version == 1 ? 1 : 0), files: files), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_changed_certificate_is_taken_on_a_later_handshake_and_a_bad_one_is_not()
    {
        using var files = new CertificateFiles();
        using var meter = new CollectingMeter();
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var app = await StartAsync([Listener("streaming", "127.0.0.1:0", files.Tls)], time, meter);
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=first"));

        var second = files.Write("CN=second");
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=first"), "not looked at on every handshake");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=second"));
        Assert.That(meter["tailscale2otel.tls.cert.not_after{component=stream}"], Is.EqualTo(new DateTimeOffset(second.NotAfter).ToUnixTimeSeconds()));

        File.WriteAllText(files.Tls.KeyFile, "half of a");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=second"));
        Assert.That(meter["tailscale2otel.tls.cert.reload.failures{component=stream}"], Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=second"));
        Assert.That(meter["tailscale2otel.tls.cert.reload.failures{component=stream}"], Is.EqualTo(1), "the same bad pair is one failure");

        files.Write("CN=third");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await SubjectAsync(app, files), Is.EqualTo("CN=third"));
    }

    [Test]
    public void A_certificate_that_cannot_be_used_stops_the_start_by_its_key()
    {
        using var files = new CertificateFiles();
        File.Delete(files.Tls.KeyFile);
        Assert.That(
            async () => await StartAsync([Listener("streaming", "127.0.0.1:0", files.Tls)]),
            Throws.InstanceOf<ListenException>().With.Message.StartsWith("streaming.tls: cannot use"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public void A_port_in_use_is_told_by_its_key_and_address(string host)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var listen = $"{host}:{((IPEndPoint)taken.LocalEndpoint).Port}";
        Assert.That(
            async () => await StartAsync([Listener("streaming", listen)]),
            Throws.InstanceOf<ListenException>().With.Message.StartsWith($"streaming.listen: cannot listen on {listen}: another process"));
    }

    [Test]
    public void An_address_of_another_machine_is_told_too() => Assert.That(
        async () => await StartAsync([Listener("admin", "192.0.2.1:0")]),
        Throws.InstanceOf<ListenException>().With.Message.StartsWith("admin.listen: cannot listen on 192.0.2.1:0: this machine does not have that address"));

    static Listener Listener(string name, string listen, TlsFiles? tls = null)
    {
        Assert.That(ListenAddress.TryParse(listen, out var address), Is.True);
        return new Listener(name, name == "streaming" ? "stream" : name, address!, tls ?? new TlsFiles());
    }

    static async Task<WebApplication> StartAsync(Listener[] listeners, TimeProvider? time = null, CollectingMeter? meter = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        new ListenerSetup(listeners, (meter ?? new CollectingMeter()).Meter, time ?? TimeProvider.System, NullLoggerFactory.Instance).Apply(builder.WebHost);
        var app = builder.Build();
        foreach (var listener in listeners)
        {
            app.UseListener(listener.Name, branch => branch.Run(context =>
                context.Response.WriteAsync($"{listener.Name} {context.Request.Protocol} {context.Request.Scheme}")));
        }

        await app.StartAsync();
        return app;
    }

    static int[] Ports(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a).Port)];

    static async Task<string> GetAsync(WebApplication app, int listener, string from = "127.0.0.1", Version? version = null, CertificateFiles? files = null)
    {
        using var handler = new SocketsHttpHandler();
        if (files is not null)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, leaf, chain, _) => files.IsTrusted((System.Security.Cryptography.X509Certificates.X509Certificate2)leaf!, chain!);
        using var client = new HttpClient(handler) { Timeout = HecWire.Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(files is null ? "http" : "https", from, Ports(app)[listener]).Uri)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return await reader.ReadToEndAsync();
    }

    static async Task<string> SubjectAsync(WebApplication app, CertificateFiles files)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Ports(app)[0]);
        await using var tls = new System.Net.Security.SslStream(client.GetStream(), false, (_, leaf, chain, _) =>
            files.IsTrusted((System.Security.Cryptography.X509Certificates.X509Certificate2)leaf!, chain!));
        await tls.AuthenticateAsClientAsync("localhost");
        return tls.RemoteCertificate!.Subject;
    }

    /// <summary>0 when the other side has closed, however it did.</summary>
    static async Task<int> ReadEndAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(HecWire.Patience);
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], patience.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
