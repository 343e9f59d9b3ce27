using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecEndpointTests
{
    const string Good = """{"event":"x"}""";
    const string Flow = """{"nodeId":"n1","start":"s","virtualTraffic":[]}""";

    static HecRequest Request => new() { Text = Good };

    [Test]
    public async Task A_record_reaches_the_spool_with_what_is_known_of_it()
    {
        var time = new ManualTime();
        await using var host = await HecHost.StartAsync(time: time);
        await host.SendAsync(new HecRequest { Path = "/services/collector/event?host=web%22&index=i&time=17", Text = $$"""{"time":1.5,"event":{{Flow}},"index":"own"}""" });

        var record = host.Spool.Records.Single();
        Assert.That(
            (record.Source, record.Signal, record.Tailnet, record.Text, record.MetadataText),
            Is.EqualTo((RecordSource.Stream, RecordSignal.Flow, "example.com", Flow, """{"time":1.5,"host":"web\u0022","index":"own"}""")));
        Assert.That(record.ReceivedAt, Is.EqualTo((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100));
    }

    [Test]
    public async Task The_configured_path_takes_events_beside_the_protocol_s_own()
    {
        await using var host = await HecHost.StartAsync(o => o.Path = "/tailscale");
        foreach (var path in new[] { "/tailscale", "/tailscale/", "/services/collector" })
            Assert.That((await host.SendAsync(Request with { Path = path })).Status, Is.EqualTo(200), path);
        Assert.That((await host.SendAsync(Request with { Path = "/other" })).Text, Does.Contain("not found"));
    }

    [Test]
    public async Task Bytes_that_are_not_UTF_8_never_reach_the_spool([Values(true, false)] bool raw)
    {
        await using var host = await HecHost.StartAsync();
        byte[] bad = [(byte)'a', 0xFF, 0xC3, (byte)'b'];
        await host.SendAsync(new HecRequest
        {
            Path = raw ? "/services/collector/raw" : "/services/collector/event",
            Body = raw ? bad : [.. "{\"event\":\""u8, .. bad, .. "\"}"u8],
        });
        Assert.That(host.Spool.Records.Single().Text.Trim('"'), Is.EqualTo("a\uFFFD\uFFFDb"));
    }

    [TestCase(AppendOutcome.Full)]
    [TestCase(AppendOutcome.Unavailable)]
    public async Task A_spool_that_takes_nothing_makes_the_sender_come_again(object outcome)
    {
        await using var host = await HecHost.StartAsync();
        host.Spool.Outcome = (AppendOutcome)outcome;
        var early = await host.SendAsync(Request);
        host.Spool.Outcome = AppendOutcome.Durable;
        host.Spool.AppendsEndWith = (AppendOutcome)outcome;
        var late = await host.SendAsync(Request);
        foreach (var answer in new[] { early, late })
            Assert.That((answer.Status, answer.Code, answer.Text, answer.Headers["Retry-After"]), Is.EqualTo((503, 9, "Server is busy", "1")));

        Assert.That(host.Metrics["tailscale.stream.rejected{reason=wal_unavailable}"], Is.EqualTo(2));
        Assert.That(host.Metrics["tailscale.stream.skipped{reason=unclassified}"], Is.Zero);
        Assert.That(host.Log.Lines.Single(), Does.Contain("spool.max_bytes").And.Contain("503/9"));
    }

    [Test]
    public async Task Health_tells_the_truth()
    {
        await using var host = await HecHost.StartAsync();
        var health = new HecRequest { Method = "GET", Path = "/services/collector/health", Authorization = null };
        Assert.That((await host.SendAsync(health)).Text, Is.EqualTo("HEC is healthy"));
        host.Spool.Outcome = AppendOutcome.Full;
        Assert.That(await StatusAsync(), Is.EqualTo((503, 18)));
        host.Spool.Outcome = AppendOutcome.Unavailable;
        Assert.That(await StatusAsync(), Is.EqualTo((503, 18)));
        host.Stop();
        Assert.That(await StatusAsync(), Is.EqualTo((503, 23)));

        async Task<(int, int)> StatusAsync() => await host.SendAsync(health) is var answer ? (answer.Status, answer.Code) : default;
    }

    [Test]
    public async Task A_stopping_daemon_takes_nothing_more()
    {
        await using var host = await HecHost.StartAsync();
        host.Stop();
        var answer = await host.SendAsync(Request);
        Assert.That((answer.Status, answer.Code, host.Spool.Records.Count), Is.EqualTo((503, 23, 0)));
    }

    [Test]
    public async Task The_answer_waits_until_the_append_is_durable()
    {
        await using var host = await HecHost.StartAsync();
        var flush = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        host.Spool.BeforeAppend = () =>
        {
            asked.SetResult();
            return flush.Task;
        };
        var answer = host.SendAsync(Request);
        await asked.Task.WaitAsync(HecWire.Patience);
        Assert.That(answer.IsCompleted, Is.False);
        Assert.That(host.Metrics["tailscale.stream.inflight"], Is.EqualTo(1));
        flush.SetResult();
        Assert.That((await answer).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_request_without_a_turn_is_told_to_come_again_and_the_others_go_on()
    {
        await using var host = await HecHost.StartAsync(o => o.MaxConcurrentRequests = 1);
        var flush = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        host.Spool.BeforeAppend = () =>
        {
            asked.TrySetResult();
            return flush.Task;
        };
        var first = host.SendAsync(Request);
        await asked.Task.WaitAsync(HecWire.Patience);
        var second = await host.SendAsync(Request);
        Assert.That((second.Status, second.Code, second.Headers["Retry-After"]), Is.EqualTo((503, 9, "1")));
        flush.SetResult();
        Assert.That((await first).Status, Is.EqualTo(200));
        Assert.That(host.Metrics["tailscale.stream.rejected{reason=overloaded}"], Is.EqualTo(1));
        Assert.That((await host.SendAsync(Request)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Bodies_together_are_bounded_and_the_room_comes_back()
    {
        await using var host = await HecHost.StartAsync(o => (o.MaxBodyBytes, o.MaxConcurrentBodyBytes) = (1_048_576, 2_097_152));
        var large = new HecRequest { Text = $$"""{"event":"{{new string('x', 900_000)}}"}""" };
        var flush = new TaskCompletionSource();
        using var asked = new SemaphoreSlim(0);
        host.Spool.BeforeAppend = () =>
        {
            asked.Release();
            return flush.Task;
        };
        List<Task<HecResponse>> kept = [];
        for (var i = 0; i < 2; i++)
        {
            kept.Add(host.SendAsync(large));
            Assert.That(await asked.WaitAsync(HecWire.Patience), Is.True);
        }

        var refused = await host.SendAsync(large);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((503, 9)));
        flush.SetResult();
        Assert.That((await Task.WhenAll(kept)).Select(a => a.Status), Is.All.EqualTo(200));
        for (var i = 0; i < 20; i++)
        {
            // The answer is there before the room is given back.
            await LeftAsync(host);
            Assert.That((await host.SendAsync(large)).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task A_body_of_the_limit_fits_into_twice_the_limit([Values("", "gzip", "zstd")] string encoding, [Values] bool isUtf8)
    {
        const int Limit = 4 * 1024 * 1024;
        await using var host = await HecHost.StartAsync(o => (o.MaxBodyBytes, o.MaxConcurrentBodyBytes) = (Limit, 2 * Limit));
        // Hardly compressible, so that it is large on the wire too. What is no UTF-8 grows by two bytes.
        var random = new byte[Limit / 4 * 3 - 30];
        new Random(1).NextBytes(random);
        byte[] body = [.. "{\"event\":\""u8, isUtf8 ? (byte)'a' : (byte)0xFF, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(random)), .. "\"}"u8];
        body = [.. body, .. Enumerable.Repeat((byte)' ', Limit - 2 - body.Length)];
        var packed = encoding switch { "gzip" => HecRequest.Gzip(body), "zstd" => HecRequest.Zstd(body), _ => body };
        Assert.That((await host.SendAsync(new HecRequest { Encoding = encoding, Body = packed })).Status, Is.EqualTo(200));
    }

    /// <summary>Ends when no request is under way, which is a little after its answer has come.</summary>
    static async Task LeftAsync(HecHost host)
    {
        while (host.Metrics["tailscale.stream.inflight"] > 0)
            await Task.Yield();
    }

    [Test]
    public async Task Every_request_is_counted_once_and_records_by_type()
    {
        await using var host = await HecHost.StartAsync();
        var body = Flow + Flow + """{"event":{"actor":1,"action":"a"}}""" + Good;
        await host.SendAsync(new HecRequest { Text = body });
        await host.SendAsync(Request with { Authorization = null });
        await host.SendAsync(new HecRequest { Text = "rubbish" });
        Assert.That(host.Metrics["tailscale.stream.records{type=flow}"], Is.EqualTo(2));
        Assert.That(host.Metrics["tailscale.stream.records{type=audit}"], Is.EqualTo(1));
        Assert.That(host.Metrics["tailscale.stream.skipped{reason=unclassified}"], Is.EqualTo(1));
        Assert.That(host.Metrics["tailscale.stream.rejected{reason=auth}"], Is.EqualTo(1));
        Assert.That(host.Metrics["tailscale.stream.rejected{reason=malformed}"], Is.EqualTo(1));
        Assert.That(host.Metrics["tailscale2otel.ingest.received{source=stream}"], Is.EqualTo(4));
        Assert.That(host.Metrics["tailscale2otel.ingest.accepted{source=stream}"], Is.EqualTo(4));
        Assert.That(host.Metrics["tailscale2otel.ingest.size{source=stream}"], Is.EqualTo(body.Length));
        Assert.That(host.Metrics.Series, Has.Some.EqualTo("tailscale.stream.request.duration"));
    }

    [Test]
    public async Task Refusals_are_logged_once_in_a_while_and_never_with_a_secret_or_the_data()
    {
        await using var host = await HecHost.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await host.SendAsync(Request with { Authorization = "Splunk hunter2" });
            await host.SendAsync(new HecRequest { Path = "/services/collector/event?token=hunter2", Text = Good });
            await host.SendAsync(new HecRequest { Text = """{"event":"private"}{""" });
        }

        Assert.That(host.Log.Lines, Has.Count.EqualTo(2));
        Assert.That(string.Concat(host.Log.Lines), Does.Not.Contain("hunter2").And.Not.Contain("private").And.Contain("streaming.token"));
    }

    [TestCase("POST", "application/json", 200)]
    [TestCase("POST", "text/plain", 403)]
    public async Task Without_a_token_loopback_is_served_but_not_web_pages(string method, string type, int status)
    {
        await using var host = await HecHost.StartAsync(o => o.Token = []);
        var answer = await host.SendAsync(Request with { Method = method, Authorization = null, ContentType = type });
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(host.Metrics["tailscale.stream.rejected{reason=cross_site}"], Is.EqualTo(status == 403 ? 1 : 0));
    }

    [Test]
    public async Task Without_a_token_other_listeners_refuse_everything_but_health()
    {
        await using var host = await HecHost.StartAsync(o => (o.Token, o.Listen) = ([], ":0"));
        var answer = await host.SendAsync(Request with { Authorization = null });
        Assert.That((answer.Status, host.Spool.Records.Count), Is.EqualTo((403, 0)));
        Assert.That(answer.Text, Does.Contain("streaming.token"));
        Assert.That((await host.SendAsync(new HecRequest { Method = "GET", Path = "/services/collector/health" })).Code, Is.EqualTo(17));
    }

    [Test]
    public async Task A_body_that_does_not_arrive_in_time_is_given_up()
    {
        var time = new ManualTime();
        await using var host = await HecHost.StartAsync(o => o.ReceiveTimeout = TimeSpan.FromSeconds(10), time);
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await HecSteps.ConnectAsync(host, patience.Token);
        var bytes = Request.ToBytes();
        await client.GetStream().WriteAsync(bytes.AsMemory(0, bytes.Length - 3), patience.Token);
        while (host.Metrics["tailscale.stream.inflight"] < 1 || time.ActiveTimers == 0)
            await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(11));
        var answer = await HecWire.ReadAsync(client.GetStream(), cancellation: patience.Token);
        Assert.That((answer.Status, answer.Headers["Connection"], host.Spool.Records.Count), Is.EqualTo((408, "close", 0)));
    }

    [Test]
    public async Task Of_a_sender_that_leaves_in_the_middle_nothing_is_kept([Values] bool chunked)
    {
        await using var host = await HecHost.StartAsync();
        using (var client = await HecSteps.ConnectAsync(host, CancellationToken.None))
        {
            var bytes = new HecRequest { Text = Good + Good, Chunked = chunked }.ToBytes();
            await client.GetStream().WriteAsync(bytes.AsMemory(0, bytes.Length - 3));
            while (host.Metrics["tailscale.stream.inflight"] < 1)
                await Task.Yield();
        }

        await LeftAsync(host);
        Assert.That(host.Spool.Records, Is.Empty);
        Assert.That(host.Log.Lines, Is.Empty);
        Assert.That(host.Metrics.Series, Has.None.Contains("rejected"));
        Assert.That((await host.SendAsync(Request)).Status, Is.EqualTo(200));
    }

    [TestCase("zz\r\n")]
    [TestCase("1\r\nxx\r\n")]
    public async Task A_body_that_breaks_the_framing_of_HTTP_is_refused_and_counted(string chunk)
    {
        await using var host = await HecHost.StartAsync();
        byte[] bytes = [.. new HecRequest { Headers = ["Transfer-Encoding: chunked"] }.ToBytes(), .. Encoding.ASCII.GetBytes(chunk)];
        var answer = await HecSteps.WriteThenReadAsync(host, bytes);
        Assert.That((answer.Status, answer.Code, answer.Headers["Connection"], host.Spool.Records.Count), Is.EqualTo((400, 400, "close", 0)));
        Assert.That(host.Metrics["tailscale.stream.rejected{reason=malformed}"], Is.EqualTo(1));
        Assert.That(host.Log.Lines.Single(), Does.Contain("400/400"));
    }

    [Test]
    public async Task Who_sends_everything_before_reading_is_told_that_its_encoding_is_not_known([Values(500_000, 3_000_000)] int length)
    {
        await using var host = await HecHost.StartAsync();
        var answer = await HecSteps.WriteThenReadAsync(host, new HecRequest { Encoding = "br", Body = new byte[length] }.ToBytes());
        Assert.That((answer.Status, answer.Code), Is.EqualTo((415, 415)));
    }

    [Test]
    public async Task A_defect_is_answered_as_one_and_gives_back_what_the_request_held()
    {
        using var meter = new CollectingMeter();
        var log = new CollectingLogger();
        var spool = new CollectingSpool { BeforeAppend = () => throw new InvalidOperationException("a defect") };
        var intake = new Intake(spool, new IngestMetrics(meter.Meter), CancellationToken.None);
        var options = new HecOptions { Listen = "127.0.0.1:0", MaxConcurrentRequests = 1 };
        using var logging = LoggerFactory.Create(l => l.AddProvider(log));
        var endpoint = new HecEndpoint(options, "", intake, meter.Meter, TimeProvider.System, logging.CreateLogger<HecEndpoint>());

        for (var i = 0; i < 3; i++)
        {
            var context = new DefaultHttpContext { Request = { Method = "POST", Path = options.Path, Body = new MemoryStream(Encoding.UTF8.GetBytes(Good)) } };
            context.Response.Body = new MemoryStream();
            await endpoint.HandleAsync(context);
            await context.Response.BodyWriter.FlushAsync();
            Assert.That(context.Response.StatusCode, Is.EqualTo(500));
            Assert.That(((MemoryStream)context.Response.Body).ToArray(), Is.EqualTo("""{"text":"Internal server error","code":8}"""u8.ToArray()));
        }

        Assert.That(meter["tailscale.stream.inflight"], Is.Zero);
        Assert.That(log.Lines, Has.Some.StartsWith("Error: A stream request failed inside the daemon"));
    }

    [Test]
    public async Task HTTP_2_is_spoken_without_TLS_too()
    {
        await using var host = await HecHost.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "/services/collector/event"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent($$"""{"event":{{i}}}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Splunk", HecHost.Token);
            request.RequestUri = new UriBuilder(request.RequestUri!) { Host = "127.0.0.1" }.Uri;
            using var response = await client.SendAsync(request);
            return (response.Version, response.StatusCode);
        }));
        Assert.That(answers, Has.All.EqualTo((HttpVersion.Version20, HttpStatusCode.OK)));
        Assert.That(host.Spool.Records.Select(r => r.Text).Order(), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{i}").Order()));
    }
}
