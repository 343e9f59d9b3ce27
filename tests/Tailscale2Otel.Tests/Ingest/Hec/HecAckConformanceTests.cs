using System.Text.Json;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>The conformance cases with acknowledgement on; each test names its cases.</summary>
public sealed class HecAckConformanceTests
{
    const string Good = """{"event":"x"}""";
    const string Ack = "/services/collector/ack";

    HecHost _host = null!;
    string _channel = "";

    [SetUp]
    public async Task StartAsync()
    {
        _host = await HecHost.StartAsync(o => (o.Ack, o.AckMaxPendingPerChannel, o.AckMaxPending) = (true, 3, 3));
        _channel = Guid.NewGuid().ToString();
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase("K10", null, "/services/collector/event", Good, 10)]
    [TestCase("K11", "mine", "/services/collector/event", Good, 11)]
    [TestCase("K20", null, "/services/collector/raw", "x", 10)]
    [TestCase("K28", null, Ack, """{"acks":[0]}""", 10)]
    [TestCase("K29", "mine", Ack, """{"acks":[0]}""", 11)]
    [TestCase("K30", "", Ack, "", 5)]
    [TestCase("K32", "", Ack, "acks", 6)]
    [TestCase("K33", "", Ack, """{"acks":[-1]}""", 6)]
    [TestCase("K33 text", "", Ack, """{"acks":["0"]}""", 6)]
    [TestCase("K33 fraction", "", Ack, """{"acks":[0.5]}""", 6)]
    [TestCase("K32 no acks", "", Ack, """{"ids":[0]}""", 6)]
    [TestCase("K32 cut short", "", Ack, """{"acks":[0""", 6)]
    public async Task Refuses(string id, string? channel, string path, string body, int code)
    {
        var answer = await _host.SendAsync(new HecRequest { Path = path, Text = body, Channel = channel is "" ? _channel : channel });
        Assert.That((answer.Status, answer.Code, answer.AckId, _host.Spool.Records.Count), Is.EqualTo((400, code, (long?)null, 0)), id);
    }

    [Test(Description = "K12, K13, K14, K21")]
    public async Task Numbers_requests_from_0_in_each_channel()
    {
        Assert.That((await PostAsync(Good)).AckId, Is.EqualTo(0));
        Assert.That((await PostAsync(string.Concat(Enumerable.Repeat(Good, 100)))).AckId, Is.EqualTo(1));
        Assert.That((await PostAsync(Good, Guid.NewGuid().ToString())).AckId, Is.EqualTo(0));
        Assert.That(_host.Spool.Records, Has.Count.EqualTo(102));
    }

    [Test(Description = "K15, K16, K17, K18")]
    public async Task Takes_the_channel_from_the_header_or_else_from_the_query_whatever_its_case()
    {
        var other = Guid.NewGuid();
        Assert.That((await SendAsync($"/services/collector/event?channel={_channel}", null, [])).AckId, Is.EqualTo(0));
        Assert.That((await SendAsync("/services/collector/event", null, [$"x-splunk-request-channel: {_channel.ToUpperInvariant()}"])).AckId, Is.EqualTo(1));
        Assert.That((await SendAsync($"/services/collector/event?channel={other}", _channel, [])).AckId, Is.EqualTo(2));
    }

    [Test(Description = "K19")]
    public async Task Numbers_raw_requests_too()
    {
        var answer = await _host.SendAsync(new HecRequest { Path = "/services/collector/raw", Text = "one\ntwo", Channel = _channel });
        Assert.That((answer.Status, answer.AckId, _host.Spool.Records.Count), Is.EqualTo((200, (long?)0, 2)));
    }

    [Test(Description = "K22")]
    public async Task A_refused_request_uses_no_number()
    {
        Assert.That((await PostAsync("rubbish")).AckId, Is.Null);
        _host.Spool.AppendsEndWith = AppendOutcome.Full;
        Assert.That((await PostAsync(Good)).AckId, Is.Null);
        _host.Spool.AppendsEndWith = null;
        Assert.That((await PostAsync(Good)).AckId, Is.EqualTo(0));
    }

    [Test(Description = "K23, K24, K25, K36")]
    public async Task An_id_turns_true_when_the_backend_has_accepted_and_is_then_forgotten()
    {
        await PostAsync(Good);
        Assert.That(await AskAsync("[0]"), Is.EqualTo("""{"acks":{"0":false}}"""));
        Assert.That(await AskAsync("[0]"), Is.EqualTo("""{"acks":{"0":false}}"""));
        _host.Spool.DeliverAll();
        Assert.That(await AskAsync("[0]"), Is.EqualTo("""{"acks":{"0":true}}"""));
        Assert.That(await AskAsync("[0]"), Is.EqualTo("""{"acks":{"0":false}}"""));
    }

    [Test(Description = "K26, K27, K31")]
    public async Task Answers_each_id_that_is_asked_for()
    {
        await PostAsync(Good);
        _host.Spool.DeliverAll();
        await PostAsync(Good);
        Assert.That(await AskAsync("[0,1,7,0]"), Is.EqualTo("""{"acks":{"0":true,"1":false,"7":false}}"""));
        Assert.That(await AskAsync("[]"), Is.EqualTo("""{"acks":{}}"""));
    }

    [Test(Description = "K34")]
    public async Task Takes_a_content_type_with_parameters()
    {
        var answer = await _host.SendAsync(new HecRequest
        {
            Path = Ack,
            Channel = _channel,
            ContentType = "application/json; profile=urn:splunk:event:1.0; charset=utf-8",
            Text = """{"acks":[0]}""",
        });
        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [Test(Description = "K35")]
    public async Task Is_asked_by_POST()
    {
        var answer = await _host.SendAsync(new HecRequest { Method = "GET", Path = Ack, Channel = _channel });
        Assert.That((answer.Status, answer.Headers["Allow"]), Is.EqualTo((405, "POST, OPTIONS")));
    }

    [Test(Description = "K37")]
    public async Task At_the_limit_of_pending_ids_nothing_more_is_kept_until_one_is_fetched()
    {
        for (var i = 0; i < 3; i++)
            Assert.That((await PostAsync(Good)).AckId, Is.EqualTo(i));
        var busy = await PostAsync(Good);
        Assert.That((busy.Status, busy.Code, busy.Headers["Retry-After"], _host.Spool.Records.Count), Is.EqualTo((503, 9, "1", 3)));

        _host.Spool.DeliverAll();
        Assert.That(await AskAsync("[1]"), Is.EqualTo("""{"acks":{"1":true}}"""));
        Assert.That((await PostAsync(Good)).AckId, Is.EqualTo(3));
    }

    [Test(Description = "K38")]
    public async Task After_a_restart_an_id_is_unknown_or_true_only_with_everything_before_it_delivered()
    {
        await PostAsync(Good);
        await using var restarted = await HecHost.StartAsync(o => o.Ack = true, spool: _host.Spool);
        Assert.That(await AskAsync("[0]", restarted), Is.EqualTo("""{"acks":{"0":false}}"""));
        var again = await restarted.SendAsync(new HecRequest { Text = Good, Channel = _channel });
        Assert.That(again.AckId, Is.EqualTo(0));
        Assert.That(await AskAsync("[0]", restarted), Is.EqualTo("""{"acks":{"0":false}}"""));
        _host.Spool.DeliverAll();
        Assert.That(await AskAsync("[0]", restarted), Is.EqualTo("""{"acks":{"0":true}}"""));
    }

    Task<HecResponse> PostAsync(string body, string? channel = null) => _host.SendAsync(new HecRequest { Text = body, Channel = channel ?? _channel });

    Task<HecResponse> SendAsync(string path, string? channel, string[] headers) =>
        _host.SendAsync(new HecRequest { Path = path, Text = Good, Channel = channel, Headers = headers });

    async Task<string> AskAsync(string ids, HecHost? host = null)
    {
        var answer = await (host ?? _host).SendAsync(new HecRequest { Path = Ack, Channel = _channel, Text = $$"""{"acks":{{ids}}}""" });
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        using var _ = JsonDocument.Parse(answer.Body);
        return answer.Body;
    }
}
