using System.IO.Compression;
using System.Text;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Demo;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class StreamPublisherTests
{
    const string Success = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{\"text\":\"Success\",\"code\":0}";
    const string Busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n";
    const string Denied = "HTTP/1.1 403 Forbidden\r\nContent-Length: 33\r\n\r\n{\"text\":\"Invalid token\",\"code\":4}";

    static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"time\":1.5,\"event\":{}}{\"time\":2.5,\"event\":{}}");

    [TestCase("Identity", "")]
    [TestCase("Gzip", "Content-Encoding: gzip\r\n")]
    [TestCase("Zstd", "Content-Encoding: zstd\r\n")]
    public async Task A_request_has_the_head_and_body_that_were_captured(string encoding, string encodingHeader)
    {
        using var receiver = new RawReceiver([Success]);
        using var http = new HttpClient();
        var publisher = new StreamPublisher(http, receiver.Url, new Secret("example-hec-token"), TimeProvider.System);

        await publisher.SendAsync(Body, 2, Enum.Parse<StreamEncoding>(encoding), repeated: false, CancellationToken.None);

        var request = (await receiver.FinishAsync()).Single();
        Assert.That(request.Head, Is.EqualTo(
            "POST /services/collector/event HTTP/1.1\r\n"
            + $"Host: 127.0.0.1:{receiver.Url.Port}\r\n"
            + "User-Agent: TailscaleLogStreamPublisher\r\n"
            + $"Authorization: Basic {Convert.ToBase64String("tailscale:example-hec-token"u8)}\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + encodingHeader
            + "\r\n"));
        Assert.That(Decompress(request.Body, Enum.Parse<StreamEncoding>(encoding)), Is.EqualTo(Body));
        Assert.That(publisher.Counts, Is.EqualTo(PublisherCounts.None with { Records = 2, Requests = 1 }));
    }

    [Test]
    public async Task A_busy_receiver_is_asked_again_after_the_time_it_named()
    {
        using var receiver = new RawReceiver([Busy, Success]);
        using var http = new HttpClient();
        var time = new ManualTime();
        var publisher = new StreamPublisher(http, receiver.Url, new Secret("t"), time);

        var sending = publisher.SendAsync(Body, 2, StreamEncoding.Identity, repeated: false, CancellationToken.None);
        await Until(() => time.ActiveTimers > 0);
        time.Advance(TimeSpan.FromSeconds(2.9));
        var tooEarly = sending.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(0.1));
        await sending;

        Assert.That(tooEarly, Is.False);
        Assert.That((await receiver.FinishAsync()).Select(r => Encoding.UTF8.GetString(r.Body)), Has.Exactly(2).EqualTo(Encoding.UTF8.GetString(Body)));
        Assert.That(publisher.Counts, Is.EqualTo(PublisherCounts.None with { Records = 2, Requests = 1, Retries = 1 }));
    }

    [Test]
    public async Task A_connection_that_breaks_before_the_answer_is_tried_again_and_the_doubt_is_counted()
    {
        using var receiver = new RawReceiver(["", Success]);
        using var http = new HttpClient();
        var time = new ManualTime();
        var publisher = new StreamPublisher(http, receiver.Url, new Secret("t"), time);

        var sending = publisher.SendAsync(Body, 2, StreamEncoding.Identity, repeated: true, CancellationToken.None);
        await Until(() => time.ActiveTimers > 0);
        time.Advance(TimeSpan.FromSeconds(10));
        await sending;

        Assert.That(publisher.Counts, Is.EqualTo(PublisherCounts.None with { Records = 2, Repeated = 2, Requests = 1, Retries = 1, Unanswered = 2 }));
    }

    [Test]
    public async Task A_refusal_for_good_is_not_repeated_but_kept_in_words()
    {
        using var receiver = new RawReceiver([Denied]);
        using var http = new HttpClient();
        var publisher = new StreamPublisher(http, receiver.Url, new Secret("t"), TimeProvider.System);

        await publisher.SendAsync(Body, 2, StreamEncoding.Identity, repeated: false, CancellationToken.None);

        Assert.That(publisher.Counts.Refused, Is.EqualTo(2));
        Assert.That(publisher.Counts.Records, Is.Zero);
        Assert.That(publisher.Counts.Problem, Does.Contain("403").And.Contain("Invalid token"));
    }

    [Test]
    public async Task Cancelling_ends_the_waiting_for_a_receiver_that_is_gone()
    {
        using var receiver = new RawReceiver([]);
        using var http = new HttpClient();
        using var abort = new CancellationTokenSource();
        var time = new ManualTime();
        var publisher = new StreamPublisher(http, receiver.Url, new Secret("t"), time);
        await receiver.FinishAsync();

        var sending = publisher.SendAsync(Body, 2, StreamEncoding.Identity, repeated: false, abort.Token);
        await Until(() => time.ActiveTimers > 0);
        await abort.CancelAsync();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    static byte[] Decompress(byte[] body, StreamEncoding encoding)
    {
        using var input = new MemoryStream(body);
        using var decompressed = encoding switch
        {
            StreamEncoding.Gzip => new GZipStream(input, CompressionMode.Decompress),
            StreamEncoding.Zstd => (Stream)new ZstdStream(input, CompressionMode.Decompress),
            _ => input,
        };
        using var output = new MemoryStream();
        decompressed.CopyTo(output);
        return output.ToArray();
    }

    static async Task Until(Func<bool> condition)
    {
        for (var left = Environment.TickCount64 + 10_000; !condition();)
        {
            Assert.That(Environment.TickCount64, Is.LessThan(left), "gave up waiting");
            await Task.Yield();
        }
    }
}
