using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

/// <summary>What a broken or hostile sender could post, with and without a signature: an answer, nothing kept that is not whole, and the receiver goes on.</summary>
public sealed class WebhookRubbishTests
{
    const long Now = SignedDelivery.ExampleTime;

    static readonly byte[] Batch = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "webhook-batch.json"));

    WebhookHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await WebhookHost.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        Assert.That((await _host.SendAsync(SignedDelivery.Request(Now, Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody)))).Status, Is.EqualTo(200), "still here");
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Altered_bodies_are_never_taken([Range(0, 9)] int part)
    {
        for (var seed = part * 20; seed < (part + 1) * 20; seed++)
        {
            var body = Mutations.Of(Batch, seed);
            if (body.AsSpan().SequenceEqual(Batch))
                continue;

            var answer = await _host.SendAsync(SignedDelivery.Request(SignedDelivery.Header(Now, Batch), body));
            Assert.That((answer.Status, _host.Spool.Records.Count), Is.EqualTo((401, 0)), $"seed {seed}");
        }
    }

    [Test]
    public async Task Signed_rubbish_is_taken_in_whole_values_or_not_at_all([Range(0, 9)] int part)
    {
        for (var seed = part * 20; seed < (part + 1) * 20; seed++)
        {
            _host.Spool.Clear();
            var body = Mutations.Of(Batch, seed);

            var answer = await _host.SendAsync(SignedDelivery.Request(Now, body));

            Assert.That(answer.Status, Is.AnyOf(200, 400), $"seed {seed}");
            Assert.That(_host.Spool.Records, answer.Status == 400 ? Is.Empty : Is.All.Matches<CollectedAppend>(IsValue), $"seed {seed}");
        }
    }

    [Test]
    public async Task Altered_headers_are_never_taken([Range(0, 4)] int part)
    {
        var header = Encoding.ASCII.GetBytes(SignedDelivery.Header(Now, Batch));
        for (var seed = part * 20; seed < (part + 1) * 20; seed++)
        {
            // What cannot stand in a header at all is the server's to refuse.
            var altered = Encoding.ASCII.GetString(Mutations.Of(header, seed)).Replace('\n', ',').Replace('\r', ',').Replace('\0', ',');
            var answer = await _host.SendAsync(SignedDelivery.Request(altered, Batch));
            if (answer.Status == 200)
                Assert.That(altered, Does.Contain(SignedDelivery.Mac(Now, Batch)).And.Match($@"(^|,) *t *= *{Now} *(,|$)"), $"seed {seed}");
        }
    }

    [Test]
    public async Task A_megabyte_of_brackets_is_not_JSON()
    {
        var answer = await _host.SendAsync(SignedDelivery.Request(Now, Enumerable.Repeat((byte)'[', 1_000_000).ToArray()));

        Assert.That((answer.Status, _host.Spool.Records.Count), Is.EqualTo((400, 0)));
    }

    [Test]
    public async Task Five_hundred_thousand_numbers_are_too_many()
    {
        var answer = await _host.SendAsync(SignedDelivery.Request(Now, Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat('1', 500_000))}]")));

        Assert.That((answer.Status, _host.Spool.Records.Count), Is.EqualTo((413, 0)));
    }

    [TestCase("Content-Length: -1\r\n\r\n[]")]
    [TestCase("Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]")]
    [TestCase("Content-Length: 100\r\n\r\n[]")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\nzz\r\n[]")]
    [TestCase("Transfer-Encoding: rubbish\r\n\r\n[]")]
    public async Task A_request_that_is_none_keeps_nothing(string rest)
    {
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Port, patience.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /tailscale/webhook HTTP/1.1\r\nHost: localhost\r\n{SignedDelivery.HeaderName}: {SignedDelivery.Header(Now, "[]"u8.ToArray())}\r\n{rest}"), patience.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
        }

        Assert.That(Encoding.ASCII.GetString(answer.ToArray()), Does.Not.Contain(" 200 "));
        Assert.That(_host.Spool.Records, Is.Empty);
    }

    static bool IsValue(CollectedAppend record)
    {
        using var value = JsonDocument.Parse(Encoding.UTF8.GetString(record.Payload));
        return true;
    }
}
