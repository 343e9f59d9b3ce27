using System.Globalization;
using System.Net;
using System.Text;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Signed deliveries at the whole daemon, over restarts and days.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class WebhookTests : IAsyncDisposable
{
    static readonly ListenAddress AnyPort = new(IPAddress.Loopback, 0);

    readonly TemporaryFolder _folder = new();
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(1) };
    readonly ShiftedTime _time = new();
    OtlpReceiver _backend = null!;
    Daemon? _daemon;
    int _sentinel;

    long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    string DeadLetters => File.ReadAllText(Path.Combine(_folder.Path, "spool", "dead-letters.ndjson"));

    [SetUp]
    public async Task SetUpAsync() => _backend = await OtlpReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        await _backend.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_delivery_arrives_once_whether_doubled_repeated_or_sent_again_after_a_restart()
    {
        await StartAsync();
        var body = Batch(Event("a"), Event("b"), Event("a"));

        Assert.That(await PostAsync(Now, body), Is.EqualTo(200));
        Assert.That(await PostAsync(Now, body), Is.EqualTo(200), "the same delivery");
        Assert.That(await PostAsync(Now + 1, Batch(Event("b"), Event("c"))), Is.EqualTo(200), "signed anew, among others");
        await RestartAsync();
        Assert.That(await PostAsync(Now, body), Is.EqualTo(200), "after a restart");

        Assert.That(await MessagesAsync(), Is.EqualTo(new[] { "a", "b", "c" }));
        await _daemon!.StopAsync();
        await _backend.WaitForMetricAsync("tailscale.webhook.duplicates", m => m.NumberPoints().Sum(p => p.Number()) == 3);
    }

    [Test]
    public async Task A_retry_with_its_first_time_gets_in_once_and_its_replays_have_no_effect()
    {
        await StartAsync();
        _time.Offset = TimeSpan.FromHours(10);
        var signedAt = Now - (9 * 3600);
        var body = Batch(Event("late", signedAt));

        Assert.That(await PostAsync(signedAt, body), Is.EqualTo(200), "never seen");
        Assert.That(await PostAsync(signedAt, body), Is.EqualTo(200));
        await RestartAsync();
        _time.Offset = TimeSpan.FromHours(25);
        Assert.That(await PostAsync(signedAt, body), Is.EqualTo(200), "24 hours after it was signed");

        var records = await RecordsAsync();
        Assert.That(records.Select(r => r.Body.StringValue), Is.EqualTo(new[] { "late" }));
        Assert.That(records[0].Attributes().ContainsKey("tailscale2otel.repeat"), Is.False, "the daemon was there when it happened and had not seen it");
        _time.Offset = TimeSpan.FromHours(26.5);
        Assert.That(await PostAsync(signedAt, body), Is.EqualTo(401), "nobody would know it any more");
    }

    [Test]
    public async Task What_was_forgotten_with_the_spool_is_delivered_again_and_says_so()
    {
        await StartAsync();
        var signedAt = Now;
        var body = Batch(Event("seen", signedAt));
        await PostAsync(signedAt, body);
        var first = (await RecordsAsync()).Single();
        await _daemon!.DisposeAsync();
        Directory.Delete(Path.Combine(_folder.Path, "spool"), recursive: true);
        _backend.Clear();

        _time.Offset = TimeSpan.FromHours(2);
        await StartAsync();
        Assert.That(await PostAsync(signedAt, body), Is.EqualTo(200));

        var again = (await RecordsAsync()).Single();
        Assert.That(again.Attributes()["tailscale2otel.repeat"], Is.EqualTo("possible"));
        Assert.That(again.Attributes()["log.record.uid"], Is.EqualTo(first.Attributes()["log.record.uid"]));
    }

    [Test]
    public async Task A_bad_element_is_set_aside_and_its_neighbours_are_delivered()
    {
        await StartAsync();

        Assert.That(await PostAsync(Now, Batch(Event("before"), "42", """{"no":"type"}""", Event("after"))), Is.EqualTo(200));

        Assert.That(await MessagesAsync(), Is.EqualTo(new[] { "before", "after" }));
        await _daemon!.StopAsync();
        Assert.That(DeadLetters.Trim().Split('\n'), Has.Length.EqualTo(2).And.All.Contains("decode_error"));
    }

    [Test]
    public async Task The_captured_batch_arrives_and_is_counted_by_type()
    {
        await StartAsync(("WEBHOOK__TOLERANCE", "0s"), ("WEBHOOK__SECRET", SignedDelivery.Secret));
        var batch = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "webhook-batch.json"));

        Assert.That(await PostAsync(SignedDelivery.ExampleTime, batch), Is.EqualTo(200));

        var records = await RecordsAsync();
        Assert.That(records.Select(r => (r.EventName, (int)r.SeverityNumber)), Is.EqualTo(new[]
        {
            ("tailscale.webhook.nodeCreated", 9),
            ("tailscale.webhook.userRoleUpdated", 9),
            ("tailscale.webhook.policyUpdate", 9),
            ("tailscale.webhook.nodeKeyExpiringInOneDay", 13),
            ("tailscale.webhook.userCreated", 9),
            ("tailscale.webhook.test", 9),
        }));
        await _daemon!.StopAsync();
        var events = await _backend.WaitForMetricAsync("tailscale.webhook.events", m => m.NumberPoints().Sum(p => p.Number()) >= 7);
        Assert.That(events.NumberPoints().Select(p => OtlpValues.ToText(p.Attributes)["tailscale.webhook.type"]), Has.Member("nodeKeyExpiringInOneDay").And.Member("test"));
    }

    [Test]
    public async Task A_change_that_the_audit_log_tells_too_arrives_once_over_a_restart()
    {
        await StartAsync(("WEBHOOK__DEDUP_AUDIT_EVENTS", "true"));
        Assert.That(await PostAsync(Now, Batch(Event("created", type: "nodeCreated", data: """{"nodeID":"n1"}"""))), Is.EqualTo(200));
        await RestartAsync(("WEBHOOK__DEDUP_AUDIT_EVENTS", "true"));
        await PostAuditAsync("n1");
        await PostAuditAsync("n2");

        var records = await RecordsAsync();
        Assert.That(records.Select(r => r.EventName), Is.EqualTo(new[] { "tailscale.webhook.nodeCreated", "tailscale.config.audit" }));
        Assert.That(records.Select(r => r.Attributes()["tailscale2otel.change.id"]), Is.Unique.And.All.Length.EqualTo(32));
        Assert.That(records[1].Attributes()["tailscale.target.id"], Is.EqualTo("n2"));
        await _daemon!.StopAsync();
        var hits = await _backend.WaitForMetricAsync("tailscale2otel.dedup.hits");
        Assert.That(hits.NumberPoints().Select(p => OtlpValues.ToText(p.Attributes)["dedup.set"]), Is.EqualTo(new[] { "webhook_cross" }));
    }

    static string Event(string message, long at = 1_785_153_605, string type = "test", string data = "null") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"timestamp":"{{DateTimeOffset.FromUnixTimeSeconds(at):yyyy-MM-ddTHH:mm:ssZ}}","version":1,"type":"{{type}}","tailnet":"t","message":"{{message}}","data":{{data}}}""");

    static byte[] Batch(params string[] events) => Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]");

    async Task<int> PostAsync(long signedAt, byte[] body)
    {
        using var message = SignedDelivery.Message(new Uri(_daemon!.Address(AnyPort, ordinal: 1), "/tailscale/webhook"), signedAt, body);
        using var response = await _client.SendAsync(message);
        return (int)response.StatusCode;
    }

    async Task PostAuditAsync(string node)
    {
        var audit = $$$"""{"time":1785153605.2,"event":{"eventGroupID":"g","actor":{"id":"u"},"target":{"id":"{{{node}}}","type":"NODE"},"action":"CREATE"}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_daemon!.Address(AnyPort), "/services/collector/event")) { Content = new StringContent(audit) };
        request.Headers.Authorization = new("Splunk", DaemonVariables.Token);
        using var response = await _client.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }

    /// <summary>What was delivered up to now: records arrive in order, so that a last one behind them tells that all have.</summary>
    async Task<IReadOnlyList<LogRecord>> RecordsAsync()
    {
        var last = $"sentinel {_sentinel++}";
        Assert.That(await PostAsync(Now, Batch(Event(last))), Is.EqualTo(200));
        var records = _backend.LogRecords;
        while (records.All(r => r.Body.StringValue != last))
            records = await _backend.WaitForRecordsAsync(records.Count + 1);
        return [.. records.Where(r => !r.Body.StringValue.StartsWith("sentinel", StringComparison.Ordinal))];
    }

    async Task<string[]> MessagesAsync() => [.. (await RecordsAsync()).Select(r => r.Body.StringValue)];

    async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _daemon!.StopAsync();
        await _daemon.DisposeAsync();
        await StartAsync(settings);
    }

    async Task StartAsync(params (string Key, string Value)[] settings) => _daemon = await Daemon.StartAsync(
        DaemonVariables.Load(
            Path.Combine(_folder.Path, "spool"),
            [
                ("OTLP__ENDPOINT", _backend.HttpEndpoint.ToString()), ("DELIVERY__MAX_IN_FLIGHT", "1"),
                ("WEBHOOK__ENABLED", "true"), ("WEBHOOK__LISTEN", "127.0.0.1:0"), ("WEBHOOK__SECRET", SignedDelivery.Secret), .. settings,
            ]),
        null,
        _time,
        default);
}
