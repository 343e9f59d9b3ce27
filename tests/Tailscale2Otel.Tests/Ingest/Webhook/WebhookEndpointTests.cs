using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

public sealed class WebhookEndpointTests
{
    const long Now = SignedDelivery.ExampleTime;

    static readonly byte[] Example = Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody);

    static IEnumerable<TestCaseData> Accepted =>
    [
        Case("as documented", SignedDelivery.Request(Now, Example)),
        Case("right among several", SignedDelivery.Request($"t={Now},v1={SignedDelivery.Mac(Now, Example, "old")},v1={SignedDelivery.ExampleMac}", Example)),
        Case("the second secret", SignedDelivery.Request(Now, Example, "tskey-webhook-second")),
        Case("an hour late", SignedDelivery.Request(Now - 3600, Example)),
        Case("of 24 hours ago", SignedDelivery.Request(Now - 86_400, Example)),
        Case("a slash at the end", SignedDelivery.Request(Now, Example) with { Path = "/tailscale/webhook/" }),
        Case("a query", SignedDelivery.Request(Now, Example) with { Path = "/tailscale/webhook?x=1" }),
        Case("chunked", SignedDelivery.Request(Now, Example) with { Chunked = true }),
        Case("no content type", SignedDelivery.Request(Now, Example) with { ContentType = null }),
        Case("identity", SignedDelivery.Request(Now, Example) with { Encoding = "identity" }),
        Case("unknown type", SignedDelivery.Request(Now, """[{"type":"brandNew","version":9}]"""u8.ToArray())),
        Case("no object", SignedDelivery.Request(Now, "[42]"u8.ToArray())),
    ];

    static IEnumerable<TestCaseData> Refused =>
    [
        Case("no header", SignedDelivery.Request(null, Example), 401, "missing_signature"),
        Case("empty header", SignedDelivery.Request("", Example), 401, "missing_signature"),
        Case("malformed header", SignedDelivery.Request("t=soon,v1=me", Example), 401, "malformed_signature"),
        Case("two headers", SignedDelivery.Request(Now, Example) with { Headers = [$"{SignedDelivery.HeaderName}: t=1,v1={SignedDelivery.ExampleMac}", $"{SignedDelivery.HeaderName}: t=2"] }, 401, "malformed_signature"),
        Case("wrong secret", SignedDelivery.Request(Now, Example, "tskey-webhook-wrong"), 401, "bad_signature"),
        Case("another time signed", SignedDelivery.Request($"t={Now + 1},v1={SignedDelivery.ExampleMac}", Example), 401, "bad_signature"),
        Case("altered body", SignedDelivery.Request(Now, Example) with { Body = [.. Example[..^2], (byte)' ', .. Example[^2..]] }, 401, "bad_signature"),
        Case("newline added", SignedDelivery.Request(Now, Example) with { Body = [.. Example, (byte)'\n'] }, 401, "bad_signature"),
        Case("too old", SignedDelivery.Request(Now - (26 * 3600), Example), 401, "stale_timestamp"),
        Case("from the future", SignedDelivery.Request(Now + 301, Example), 401, "future_timestamp"),
        Case("oversized", SignedDelivery.Request(Now, new byte[1_048_577]), 413, "too_large"),
        Case("oversized in chunks", SignedDelivery.Request(Now, new byte[1_048_577]) with { Chunked = true }, 413, "too_large"),
        Case("too many events", SignedDelivery.Request(Now, Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat('1', 10_001))}]")), 413, "too_many_events"),
        Case("not JSON", SignedDelivery.Request(Now, "payload=%7B%7D"u8.ToArray()), 400, "invalid_body"),
        Case("not an array", SignedDelivery.Request(Now, """{"text":"Slack"}"""u8.ToArray()), 400, "invalid_body"),
        Case("empty body", SignedDelivery.Request(Now, []), 400, "invalid_body"),
        Case("cut off", SignedDelivery.Request(Now, Example[..^1]), 400, "invalid_body"),
        Case("not JSON and not signed", SignedDelivery.Request(Now, "x"u8.ToArray(), "wrong"), 401, "bad_signature"),
        Case("wrong path", SignedDelivery.Request(Now, Example) with { Path = "/tailscale/webhoo" }, 404, "not_found"),
        Case("other case", SignedDelivery.Request(Now, Example) with { Path = "/Tailscale/webhook" }, 404, "not_found"),
        Case("wrong method", SignedDelivery.Request(Now, Example) with { Method = "PUT" }, 405, "method_not_allowed"),
        Case("a browser", SignedDelivery.Request(null, []) with { Method = "GET", Body = null }, 405, "method_not_allowed"),
        Case("compressed", SignedDelivery.Request(Now, HecRequest.Gzip(Example)) with { Encoding = "gzip" }, 415, "encoding"),
    ];

    [TestCaseSource(nameof(Accepted))]
    public async Task A_delivery_is_kept_as_it_came_and_answered(object request)
    {
        await using var host = await WebhookHost.StartAsync(o => o.Secret = [new Secret(SignedDelivery.Secret), new Secret("tskey-webhook-second")]);

        var answer = await host.SendAsync((HecRequest)request);

        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, "")));
        var record = host.Spool.Records.Single();
        var body = ((HecRequest)request).Body!;
        Assert.That(record.Payload, Is.EqualTo(body[1..^1]));
        Assert.That((record.Source, record.Signal, record.Tailnet), Is.EqualTo((RecordSource.Webhook, RecordSignal.Webhook, "example.com")));
        Assert.That(Encoding.ASCII.GetString(record.Metadata), Does.Match("""^\{"t":\d+\}$"""));
        Assert.That(host.Metrics.Series, Has.None.Contains("rejected"));
    }

    [TestCaseSource(nameof(Refused))]
    public async Task A_refusal_has_its_status_a_reason_a_count_and_a_line_in_the_log(object request, int status, string reason)
    {
        await using var host = await WebhookHost.StartAsync();

        var answer = await host.SendAsync((HecRequest)request);

        Assert.That((answer.Status, host.Spool.Records.Count), Is.EqualTo((status, 0)), answer.Body);
        Assert.That(answer.Body, Does.StartWith($$"""{"error":"{{reason}}","message":""").And.Not.Contain("tskey"));
        Assert.That(answer.Headers.GetValueOrDefault("Allow"), Is.EqualTo(status == 405 ? "POST" : null));
        Assert.That(host.Metrics[$"tailscale.webhook.rejected{{reason={reason}}}"], Is.EqualTo(1));
        var line = host.Log.Lines.Single(l => l.Contains("Refused a webhook", StringComparison.Ordinal));
        Assert.That(line, Does.Contain($"{status} ({reason})").And.Not.Contain("tskey-webhook-k"));
    }

    [Test]
    public async Task A_delivery_that_breaks_the_framing_of_HTTP_is_refused_and_counted()
    {
        await using var host = await WebhookHost.StartAsync();
        byte[] bytes = [.. (SignedDelivery.Request(Now, Example) with { Body = null, Headers = ["Transfer-Encoding: chunked"] }).ToBytes(), .. "zz\r\n"u8];

        var answer = await HecWire.SendAsync(new IPEndPoint(IPAddress.Loopback, host.Port), bytes);

        Assert.That((answer.Status, answer.Body), Is.EqualTo((400, """{"error":"read_error","message":"The body is not framed as HTTP says"}""")));
        Assert.That(host.Metrics["tailscale.webhook.rejected{reason=read_error}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Every_element_of_a_batch_is_a_record_of_its_own()
    {
        await using var host = await WebhookHost.StartAsync();
        var batch = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "webhook-batch.json"));

        Assert.That((await host.SendAsync(SignedDelivery.Request(Now, batch))).Status, Is.EqualTo(200));
        Assert.That((await host.SendAsync(SignedDelivery.Request(Now, "[{\"type\":\"a\"},7 , {\"type\":\"a\"}]"u8.ToArray()))).Status, Is.EqualTo(200));

        Assert.That(host.Spool.Records, Has.Count.EqualTo(9));
        Assert.That(host.Spool.Records.Skip(6).Select(r => Encoding.UTF8.GetString(r.Payload)), Is.EqualTo(new[] { "{\"type\":\"a\"}", "7", "{\"type\":\"a\"}" }));
        Assert.That(host.Metrics["tailscale2otel.ingest.accepted{source=webhook}"], Is.EqualTo(9));
    }

    [Test]
    public async Task An_empty_batch_is_taken_and_nothing_is_kept()
    {
        await using var host = await WebhookHost.StartAsync();

        Assert.That((await host.SendAsync(SignedDelivery.Request(Now, "[]"u8.ToArray()))).Status, Is.EqualTo(200));
        Assert.That(host.Spool.Records, Is.Empty);
    }

    [TestCase(1, 401)]
    [TestCase(0, 200)]
    public async Task A_tolerance_of_0_takes_what_is_years_old(int minutes, int status)
    {
        await using var host = await WebhookHost.StartAsync(o => o.Tolerance = TimeSpan.FromMinutes(minutes));

        Assert.That((await host.SendAsync(SignedDelivery.Request(1_000_000_000, Example))).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Stale_deliveries_that_are_taken_are_counted()
    {
        await using var host = await WebhookHost.StartAsync();

        await host.SendAsync(SignedDelivery.Request(Now, Example));
        await host.SendAsync(SignedDelivery.Request(Now - 7200, Example));

        Assert.That(host.Metrics["tailscale2otel.webhook.stale"], Is.EqualTo(1));
        Assert.That(host.Spool.Records.Select(r => Encoding.ASCII.GetString(r.Metadata)), Is.EqualTo(new[] { $$"""{"t":{{Now}}}""", $$"""{"t":{{Now - 7200}}}""" }));
    }

    [TestCase("application/json", 200, "")]
    [TestCase("text/plain", 403, "cross_site")]
    public async Task Without_a_secret_loopback_is_served_but_not_web_pages(string type, int status, string reason)
    {
        await using var host = await WebhookHost.StartAsync(o => o.Secret = []);

        var answer = await host.SendAsync(SignedDelivery.Request(null, Example) with { ContentType = type });

        Assert.That((answer.Status, host.Spool.Records.Count), Is.EqualTo((status, status == 200 ? 1 : 0)));
        Assert.That(answer.Body, Does.Contain(reason));
        Assert.That(host.Spool.Records.SelectMany(r => r.Metadata), Is.Empty, "an unsigned time is nobody's word");
    }

    [Test]
    public async Task Without_a_secret_other_addresses_are_not_served()
    {
        await using var host = await WebhookHost.StartAsync(o => (o.Secret, o.Listen) = ([], "0.0.0.0:0"));

        var answer = await host.SendAsync(SignedDelivery.Request(Now, Example));

        Assert.That((answer.Status, host.Spool.Records.Count), Is.EqualTo((403, 0)));
        Assert.That(host.Metrics["tailscale.webhook.rejected{reason=auth_required}"], Is.EqualTo(1));
        Assert.That(host.Log.Lines, Has.Some.Contain("webhook.secret"));
    }

    [TestCase(AppendOutcome.Full)]
    [TestCase(AppendOutcome.Unavailable)]
    public async Task A_spool_that_takes_nothing_is_told_to_the_sender_before_and_after_the_body(object outcome)
    {
        await using var host = await WebhookHost.StartAsync();
        host.Spool.AppendsEndWith = (AppendOutcome)outcome;
        var late = await host.SendAsync(SignedDelivery.Request(Now, Example));
        host.Spool.Outcome = (AppendOutcome)outcome;
        var early = await host.SendAsync(SignedDelivery.Request(Now, Example));

        foreach (var answer in new[] { late, early })
        {
            Assert.That((answer.Status, answer.Headers["Retry-After"]), Is.EqualTo((503, "1")));
            Assert.That(answer.Body, Does.Contain("wal_unavailable"));
        }
    }

    [Test]
    public async Task A_daemon_that_goes_down_says_so()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Stop();

        var answer = await host.SendAsync(SignedDelivery.Request(Now, Example));

        Assert.That((answer.Status, answer.Headers["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That(answer.Body, Does.Contain("stopping"));
    }

    [Test]
    public async Task Requests_beyond_the_limit_are_told_to_come_again()
    {
        var (spool, held, hold) = HeldSpool();
        await using var host = await WebhookHost.StartAsync(o => o.MaxConcurrentRequests = 1, spool: spool);

        var first = host.SendAsync(SignedDelivery.Request(Now, Example));
        await held.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var second = await host.SendAsync(SignedDelivery.Request(Now, Example));
        hold.SetResult();

        Assert.That((second.Status, second.Headers["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That(second.Body, Does.Contain("overloaded"));
        Assert.That((await first).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_answer_comes_after_the_append()
    {
        var (spool, held, hold) = HeldSpool();
        await using var host = await WebhookHost.StartAsync(spool: spool);

        var answer = host.SendAsync(SignedDelivery.Request(Now, Example));
        await held.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That(answer.IsCompleted, Is.False);
        hold.SetResult();

        Assert.That((await answer).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_defect_is_told_as_one_and_nothing_of_it_leaves()
    {
        await using var host = await WebhookHost.StartAsync(spool: new CollectingSpool { BeforeAppend = () => throw new InvalidOperationException("inner secret") });

        var answer = await host.SendAsync(SignedDelivery.Request(Now, Example));

        Assert.That((answer.Status, answer.Body), Is.EqualTo((500, $$"""{"error":"internal","message":"{{WebhookReply.InternalError.Text}}"}""")));
        Assert.That(host.Log.Lines, Has.Some.Contains("inner secret"), "for the operator");
    }

    [Test]
    public async Task A_sender_that_left_is_nobody_to_answer()
    {
        using var metrics = new CollectingMeter();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var context = new DefaultHttpContext { RequestAborted = gone.Token };
        (context.Request.Method, context.Request.Path, context.Request.Body) = ("POST", "/tailscale/webhook", new MemoryStream(Example));
        var options = new WebhookOptions { Enabled = true, Secret = [new Secret(SignedDelivery.Secret)] };
        var endpoint = new WebhookEndpoint(
            options,
            WebhookDoor.Of(options, "", WebhookHost.Memory, TimeProvider.System),
            new WebhookKeeper(new Intake(new CollectingSpool(), new IngestMetrics(metrics.Meter), default), TimeProvider.System),
            new WebhookMetrics(metrics.Meter),
            TimeProvider.System,
            NullLogger<WebhookEndpoint>.Instance);

        await endpoint.HandleAsync(context);

        Assert.That(metrics.Series, Has.None.Contains("rejected"));
        Assert.That(metrics["tailscale.webhook.inflight"], Is.Zero);
    }

    /// <summary>A spool whose appends begin and do not end until they are let go.</summary>
    static (CollectingSpool Spool, TaskCompletionSource Held, TaskCompletionSource Hold) HeldSpool()
    {
        var (hold, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        var spool = new CollectingSpool
        {
            BeforeAppend = () =>
            {
                held.TrySetResult();
                return hold.Task;
            },
        };
        return (spool, held, hold);
    }

    static TestCaseData Case(string name, HecRequest request) => new TestCaseData(request).SetArgDisplayNames(name);

    static TestCaseData Case(string name, HecRequest request, int status, string reason) => new TestCaseData(request, status, reason).SetArgDisplayNames(name);
}
