using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>What strangers and broken senders send: each gets its documented answer, memory stays bounded, and the daemon goes on.</summary>
public sealed class RubbishTests
{
    const long ResidentLimit = 600L << 20;

    TemporaryFolder _folder = null!;
    OtlpReceiver _backend = null!;
    DaemonProcess _daemon = null!;
    HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        _backend = await OtlpReceiver.StartAsync();
        _daemon = await DaemonProcess.StartAsync(_folder.Path, _backend.HttpEndpoint);
        _client = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _daemon.DisposeAsync();
        await _backend.DisposeAsync();
        _folder.Dispose();
    }

    [SetUp]
    public void Forget() => _backend.Clear();

    [TearDown]
    public async Task Goes_on_in_bounded_memory()
    {
        _backend.Clear();
        var (status, _) = await PostAsync(Encoding.UTF8.GetBytes("""{"event":"alive"}"""));
        Assert.That(status, Is.EqualTo(200));
        // What the test itself sent may still come, too.
        var records = await _backend.WaitForRecordsAsync(1);
        while (records.All(r => r.Body.StringValue != "alive"))
            records = await _backend.WaitForRecordsAsync(records.Count + 1);
        Assert.That(Directory.GetFiles(_folder.Path, "dead-letters*", SearchOption.AllDirectories).Select(File.ReadAllText), Has.None.Contains("processing_failed"));
        Assert.That(_daemon.ResidentBytes, Is.LessThan(ResidentLimit));
    }

    [Test]
    public async Task Empty_body() => Assert.That(await PostAsync([]), Is.EqualTo((400, 5)));

    [Test]
    public async Task Half_a_surrogate_pair_in_names()
    {
        const string Body = """
            {"event":{"actor":{"\ud800":1},"action":"UPDATE","\udc00":1},"fields":{"\ud800ab":1}}
            {"event":{"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","\ud800":1,"virtualTraffic":[{"\ud800":1,"src":"100.64.0.1:1","dst":"100.64.0.2:2"}]}}
            {"event":{"\ud800":1}}
            """;

        Assert.That(await PostAsync(Encoding.UTF8.GetBytes(Body)), Is.EqualTo((200, 0)));
        await _backend.WaitForRecordsAsync(3);
    }

    [Test]
    public async Task Truncated_gzip()
    {
        var whole = Gzip(Encoding.UTF8.GetBytes("""{"event":"x"}"""));

        Assert.That(await PostAsync(whole[..^6], "gzip"), Is.EqualTo((400, 6)));
    }

    [Test]
    public async Task Zip_bomb()
    {
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var i = 0; i < 512; i++)
                gzip.Write(spaces);
        }

        Assert.That((await PostAsync(small.ToArray(), "gzip")).Status, Is.EqualTo(413));
    }

    [Test]
    public async Task Hundred_megabytes_of_brackets() => Assert.That((await PostAsync(Enumerable.Repeat((byte)'[', 100_000_000).ToArray())).Status, Is.EqualTo(413));

    [Test]
    public async Task Brackets_under_the_limit() => Assert.That(await PostAsync(Enumerable.Repeat((byte)'[', 10_000_000).ToArray()), Is.EqualTo((400, 6)));

    [Test]
    public async Task Invalid_utf8() => Assert.That((await PostAsync([.. """{"event":"a"""u8, 0xFF, .. "\"}"u8])).Status, Is.AnyOf(200, 400));

    [Test]
    public async Task A_million_tiny_events()
    {
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("""{"event":1}""", 1_000_000)));

        Assert.That((await PostAsync(body)).Status, Is.EqualTo(413));
    }

    [Test]
    public async Task A_string_of_20_megabytes()
    {
        var body = Encoding.ASCII.GetBytes("{\"event\":\"" + new string('x', 20 << 20) + "\"}");

        Assert.That(await PostAsync(body), Is.EqualTo((200, 0)));
        var records = await _backend.WaitForRecordsAsync(1);
        Assert.That(records[0].Body.StringValue, Does.StartWith("xxx").And.EndWith("…[truncated]"));
    }

    /// <summary>A sender that ends before its body does gets a refusal or a closed connection, and nothing of it is kept.</summary>
    [Test]
    public async Task Content_length_over_what_comes()
    {
        var answer = await PostRawAsync("""{"event":"cut"}""", 10, endsSending: true);

        Assert.That(answer, Is.Empty.Or.StartsWith("HTTP/1.1 400"));
    }

    [Test]
    public async Task Content_length_under_what_comes() =>
        Assert.That(await PostRawAsync("""{"event":"cut"}""", -3, endsSending: false), Does.StartWith("HTTP/1.1 400"));

    async Task<string> PostRawAsync(string body, int difference, bool endsSending)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _daemon.Hec.Port);
        await using var stream = socket.GetStream();
        var head = $"POST {_daemon.Hec.AbsolutePath} HTTP/1.1\r\nHost: x\r\nAuthorization: Splunk {DaemonProcess.Token}\r\nContent-Length: {body.Length + difference}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        if (endsSending)
            socket.Client.Shutdown(SocketShutdown.Send);

        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadLineAsync() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    async Task<(int Status, int Code)> PostAsync(byte[] body, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _daemon.Hec) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        using var response = await _client.SendAsync(request);
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, json.RootElement.GetProperty("code").GetInt32());
    }

    static byte[] Gzip(byte[] plain)
    {
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionLevel.Fastest))
            gzip.Write(plain);
        return small.ToArray();
    }
}
