using System.Net;
using System.Text;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Two tailnets at one daemon, from their sockets to the backend's.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class SeveralTailnetsTests : IAsyncDisposable
{
    const string Two = """
        tailnets: [{name: a.example}, {name: b.example}]
        streaming:
          routes:
            - {tailnet: a.example, path: /a, token: token-a}
            - {tailnet: b.example, path: /b, token: token-b}
        webhook:
          routes:
            - {tailnet: a.example, secret: secret-a}
            - {tailnet: b.example, secret: secret-b}
        """;

    const string One = """
        tailscale: {tailnet: a.example}
        streaming: {token: token-a}
        webhook: {secret: secret-a}
        """;

    static readonly ListenAddress AnyPort = new(IPAddress.Loopback, 0);

    readonly TemporaryFolder _folder = new();
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(1) };
    OtlpReceiver _backend = null!;
    Daemon? _daemon;

    static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    string Keys => Path.Combine(_folder.Path, "spool", "dedup");

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
    public async Task The_same_content_of_two_tailnets_is_two_records_with_their_own_uids_and_counts()
    {
        await StartAsync(Two);
        foreach (var tailnet in (string[])["a", "b"])
        {
            Assert.That(await StreamAsync($"/{tailnet}", $"token-{tailnet}", Flow(1)), Is.EqualTo(200));
            Assert.That(await StreamAsync("/services/collector/event", $"token-{tailnet}", Audit("n1")), Is.EqualTo(200));
            Assert.That(await WebhookAsync($"secret-{tailnet}", Event("hello")), Is.EqualTo(200));
        }

        Assert.That(await StreamAsync("/b", "token-b", Flow(1)), Is.EqualTo(200), "again");
        Assert.That(await StreamAsync("/b", "token-a", Flow(2)), Is.EqualTo(403));
        Assert.That(await WebhookAsync("secret-c", Event("no")), Is.EqualTo(401));

        var records = await _backend.WaitForRecordsAsync(6);
        await StopAsync();
        Assert.That(_backend.LogRecords, Has.Count.EqualTo(6));
        foreach (var kind in records.GroupBy(r => r.EventName))
        {
            Assert.That(kind.Select(Tailnet), Is.EquivalentTo(new[] { "a.example", "b.example" }), kind.Key);
            Assert.That(kind.Select(Uid), Is.Unique, kind.Key);
        }

        Assert.Multiple(() =>
        {
            foreach (var metric in (string[])["tailscale.network.flows", "tailscale.config.audit.events", "tailscale.webhook.events"])
                Assert.That(Points(metric), Is.EqualTo(new[] { "a.example=1", "b.example=1" }), metric);
            Assert.That(Points("tailscale2otel.ingest.records"), Is.EqualTo(new[] { "a.example=3", "b.example=3" }));
            Assert.That(Points("tailscale2otel.dedup.hits"), Is.EqualTo(new[] { "b.example=1" }));
            Assert.That(Points("tailscale2otel.webhook.tailnet_mismatch"), Is.EqualTo(new[] { "b.example=1" }), "the event says a.example");
            Assert.That(Points("tailscale2otel.ingest.accepted"), Is.EqualTo(new[] { "=7" }), "of the process");
            var ages = _backend.Metrics.Last(m => m.Name == "tailscale2otel.ingest.event.age").Histogram.DataPoints;
            Assert.That(ages.GroupBy(p => OtlpValues.ToText(p.Attributes)["tailscale.tailnet"]).ToDictionary(g => g.Key, g => g.Sum(p => (long)p.Count)), Is.EqualTo(new Dictionary<string, long> { ["a.example"] = 3, ["b.example"] = 3 }));
        });
    }

    [Test]
    public async Task Each_tailnet_remembers_over_a_restart()
    {
        await StartAsync(Two);
        await StreamAsync("/a", "token-a", Flow(1));
        await StreamAsync("/b", "token-b", Flow(2));
        await _backend.WaitForRecordsAsync(2);
        await StopAsync();

        await StartAsync(Two);
        foreach (var (path, token) in ((string, string)[])[("/a", "token-a"), ("/b", "token-b")])
        {
            await StreamAsync(path, token, Flow(1));
            await StreamAsync(path, token, Flow(2));
        }

        await _backend.WaitForRecordsAsync(4);
        await StopAsync();
        Assert.That(_backend.LogRecords.Skip(2).Select(Tailnet), Is.EquivalentTo(new[] { "a.example", "b.example" }), "one new record each");
        Assert.That(_backend.LogRecords.Select(Uid), Is.Unique);
    }

    [Test]
    public async Task The_only_tailnet_of_before_forgets_nothing_when_others_come_and_nothing_when_they_go()
    {
        await StartAsync(One);
        await StreamAsync("/services/collector/event", "token-a", Flow(1));
        await _backend.WaitForRecordsAsync(1);
        await StopAsync();
        // As a version without the note left it.
        File.Delete(Path.Combine(Keys, "tailnet"));
        Assert.That(Directory.GetFiles(Path.Combine(Keys, "flow"), "*.keys"), Has.Length.EqualTo(1));

        await StartAsync(Two);
        await StreamAsync("/a", "token-a", Flow(1));
        await StreamAsync("/b", "token-b", Flow(1));
        await _backend.WaitForRecordsAsync(2);
        await StopAsync();
        await StartAsync(One);
        await StreamAsync("/services/collector/event", "token-a", Flow(1));
        await StreamAsync("/services/collector/event", "token-a", Flow(3));

        await _backend.WaitForRecordsAsync(3);
        await StopAsync();
        Assert.That(_backend.LogRecords.Select(Tailnet), Is.EqualTo(new[] { "a.example", "b.example", "a.example" }));
    }

    [Test]
    public async Task The_backlog_of_a_tailnet_that_was_removed_is_delivered_and_counted_once()
    {
        var isDown = true;
        _backend.Decide = _ => isDown ? new OtlpAnswer { HttpStatus = 503 } : OtlpAnswer.Ok;
        await StartAsync(Two);
        await StreamAsync("/b", "token-b", Flow(1));
        await StreamAsync("/b", "token-b", Flow(1));
        await StreamAsync("/a", "token-a", Flow(1));
        await StopAsync();
        Assert.That(_backend.LogRecords, Is.Empty);

        isDown = false;
        await StartAsync(One);
        var records = await _backend.WaitForRecordsAsync(2);
        await StopAsync();

        Assert.That(_backend.LogRecords.Select(Tailnet), Is.EqualTo(new[] { "b.example", "a.example" }));
        Assert.That(records.Select(Uid), Is.Unique);
        Assert.That(Points("tailscale.network.flows"), Is.EqualTo(new[] { "a.example=1", "b.example=1" }));
    }

    static string Flow(int n) =>
        $$$"""{"time":{{{Now}}},"event":{"nodeId":"n{{{n}}}","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:50000","dst":"100.64.0.2:443","txPkts":1,"txBytes":100}]}}""";

    static string Audit(string node) =>
        $$$"""{"time":1785153605.2,"event":{"eventGroupID":"g","actor":{"id":"u"},"target":{"id":"{{{node}}}","type":"NODE"},"action":"CREATE"}}""";

    static byte[] Event(string message) =>
        Encoding.UTF8.GetBytes($$"""[{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test","tailnet":"a.example","message":"{{message}}"}]""");

    static string Tailnet(LogRecord record) => (string)record.Attributes()["tailscale.tailnet"]!;

    static string Uid(LogRecord record) => (string)record.Attributes()["log.record.uid"]!;

    /// <summary>The last of a metric that came, summed for each tailnet.</summary>
    IEnumerable<string> Points(string metric) => _backend.Metrics.Last(m => m.Name == metric).NumberPoints()
        .GroupBy(p => OtlpValues.ToText(p.Attributes).GetValueOrDefault("tailscale.tailnet"))
        .Select(g => $"{g.Key}={g.Sum(p => p.Number())}")
        .Order(StringComparer.Ordinal);

    async Task<int> StreamAsync(string path, string token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_daemon!.Address(AnyPort), path)) { Content = new StringContent(body) };
        request.Headers.Authorization = new("Splunk", token);
        using var response = await _client.SendAsync(request);
        return (int)response.StatusCode;
    }

    async Task<int> WebhookAsync(string secret, byte[] body)
    {
        using var message = SignedDelivery.Message(new Uri(_daemon!.Address(AnyPort, ordinal: 1), "/tailscale/webhook"), Now, body, secret);
        using var response = await _client.SendAsync(message);
        return (int)response.StatusCode;
    }

    async Task StopAsync()
    {
        await _daemon!.StopAsync();
        await _daemon.DisposeAsync();
        _daemon = null;
    }

    async Task StartAsync(string yaml)
    {
        var file = _folder.File("config.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var config = new ConfigLoader(OptionTypes.Schema).Load(file, new Dictionary<string, string>
        {
            ["TS2OTEL_STREAMING__ENABLED"] = "true",
            ["TS2OTEL_STREAMING__LISTEN"] = "127.0.0.1:0",
            ["TS2OTEL_WEBHOOK__ENABLED"] = "true",
            ["TS2OTEL_WEBHOOK__LISTEN"] = "127.0.0.1:0",
            ["TS2OTEL_ADMIN__ENABLED"] = "false",
            ["TS2OTEL_SPOOL__DIRECTORY"] = Path.Combine(_folder.Path, "spool"),
            ["TS2OTEL_LOG_LEVEL"] = "error",
            ["TS2OTEL_OTLP__ENDPOINT"] = _backend.HttpEndpoint.ToString(),
            ["TS2OTEL_DELIVERY__MAX_IN_FLIGHT"] = "1",
            ["TS2OTEL_SHUTDOWN__DELIVERY_GRACE"] = "1s",
            ["TS2OTEL_SHUTDOWN__FLUSH_GRACE"] = "10s",
        });
        Assert.That(config.Errors, Is.Empty);
        _daemon = await Daemon.StartAsync(config, null, null, default);
    }
}
