using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class StreamEndpointsTests
{
    const string Path = "/api/v2/tailnet/-/logging/network/stream";
    const string Private = "http://collector.tail-demo.ts.net:8088/services/collector/event";

    [Test]
    public async Task A_destination_is_put_read_without_its_secret_and_deleted()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        Assert.That((await host.GetAsync(Path)).Status, Is.EqualTo(404));
        Assert.That((await host.GetAsync(Path + "/status")).Status, Is.EqualTo(404));

        var put = await host.SendAsync(HttpMethod.Put, Path, Splunk("https://hec.example.com/services/collector/event"));
        var get = await host.GetAsync(Path);

        Assert.That((put.Status, put.Body), Is.EqualTo((200, "")));
        Assert.That(get.Body, Is.EqualTo("""{"logType":"network","destinationType":"splunk","url":"https://hec.example.com/services/collector/event","user":"tailscale","compressionFormat":"none"}"""));
        Assert.That((await host.GetAsync(Path.Replace("network", "configuration", StringComparison.Ordinal))).Status, Is.EqualTo(404), "the other log");
        Assert.That((await host.SendAsync(HttpMethod.Delete, Path)).Status, Is.EqualTo(200));
        Assert.That((await host.GetAsync(Path)).Status, Is.EqualTo(404));
    }

    [TestCase(Private, "")]
    [TestCase("http://collector:8088/x", "")]
    [TestCase("http://[fd7a:115c:a1e0::1]:8088/x", "")]
    [TestCase("https://203.0.113.9/x", "")]
    [TestCase("http://100.64.10.1:8088/x", "IPv4 addresses of Tailscale are not unique")]
    [TestCase("https://100.127.0.1/x", "IPv4 addresses of Tailscale are not unique")]
    [TestCase("http://hec.example.com/x", "use https://")]
    [TestCase("http://collector.other.ts.net:8088/x", "use https://")]
    [TestCase("http://[2001:db8::1]:8088/x", "use https://")]
    [TestCase("http://127.0.0.1:8088/x", "use https://")]
    [TestCase("/services/collector/event", "absolute")]
    [TestCase("ftp://hec.example.com/x", "absolute")]
    [TestCase("", "absolute")]
    public async Task A_url_is_taken_or_refused_by_the_documented_rules(string url, string problem)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        var reply = await host.SendAsync(HttpMethod.Put, Path, Splunk(url));

        Assert.That(reply.Status, Is.EqualTo(problem.Length == 0 ? 200 : 400), reply.Body);
        if (problem.Length > 0)
            Assert.That(reply.Message, Does.Contain(problem));
    }

    [TestCase("""{"destinationType":"carrier-pigeon","url":"https://x.example.com"}""")]
    [TestCase("""{"url":"https://x.example.com"}""")]
    [TestCase("""{"destinationType":"splunk","url":5}""")]
    [TestCase("[]")]
    [TestCase("{")]
    public async Task A_body_that_says_no_destination_is_refused(string body)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        Assert.That((await host.SendAsync(HttpMethod.Put, Path, body)).Status, Is.EqualTo(400));
        Assert.That((await host.GetAsync(Path)).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task A_private_destination_needs_two_scopes_more()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var refused = await host.SendAsync(HttpMethod.Put, Path, Splunk(Private), await host.TokenAsync("log_streaming device_invites"));

        Assert.That((refused.Status, refused.Message), Is.EqualTo((403, "a private endpoint needs the scope policy_file")));
        Assert.That((await host.SendAsync(HttpMethod.Put, Path, Splunk(Private), await host.TokenAsync("log_streaming device_invites policy_file"))).Status, Is.EqualTo(200));
        Assert.That((await host.SendAsync(HttpMethod.Put, Path, Splunk("https://x.example.com/"), await host.TokenAsync("log_streaming"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task New_records_are_posted_to_the_destination_and_the_status_says_so()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        await using var receiver = new CountingReceiver();
        await receiver.StartAsync();
        var arrived = new TaskCompletionSource();
        receiver.Taken = () =>
        {
            if (receiver.Counts.In >= 30)
                arrived.TrySetResult();
        };
        var tailnet = ControlPlaneHost.Tailnet();
        host.Server.Logs.Add(tailnet.NextFlow(host.Time.GetUtcNow()));

        await host.SendAsync(HttpMethod.Put, Path, Splunk($"http://collector.tail-demo.ts.net:{receiver.Url.Port}/services/collector/event"));
        for (var i = 0; i < 30; i++)
        {
            host.Server.Logs.Add(tailnet.NextFlow(host.Time.GetUtcNow()));
            host.Server.Logs.Add(tailnet.NextAudit(host.Time.GetUtcNow()));
        }

        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
        // Bytes are the last to be noted.
        var status = await StatusAsync(host, s => s.GetProperty("numEntriesSent").GetInt64() == 30 && s.GetProperty("numBytesSent").GetInt64() > 30 * 300);
        Assert.That(receiver.Counts.In, Is.EqualTo(30), "neither what was there before nor the other log");
        Assert.That(receiver.Requests.SelectMany(r => r.Events), Is.All.StartsWith("{\"nodeId\":"));
        Assert.That(status.GetProperty("numTotalRequests").GetInt64(), Is.EqualTo(receiver.Requests.Count));
        Assert.That(status.GetProperty("lastError").GetString(), Is.Empty);
        Assert.That(status.GetProperty("lastActivity").GetString(), Is.EqualTo("2026-07-27T12:01:00Z"));
    }

    [Test]
    public async Task A_destination_that_refuses_is_the_last_error()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        using var receiver = new RawReceiver(["HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nNo way"]);
        await host.SendAsync(HttpMethod.Put, Path, Splunk($"http://collector:{receiver.Url.Port}/services/collector/event"));

        host.Server.Logs.Add(ControlPlaneHost.Tailnet().NextFlow(host.Time.GetUtcNow()));

        var status = await StatusAsync(host, s => s.GetProperty("numFailedRequests").GetInt64() == 1);
        Assert.That(status.GetProperty("lastError").GetString(), Does.Contain("403").And.Contain("No way"));
        Assert.That(status.GetProperty("numEntriesSent").GetInt64(), Is.Zero);
        Assert.That((await receiver.FinishAsync())[0].Head, Does.Contain("Authorization: Basic " + Convert.ToBase64String("tailscale:some-token"u8)));
    }

    [Test]
    public async Task A_test_can_say_what_the_status_says()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        await host.SendAsync(HttpMethod.Put, Path, Splunk(Private));
        host.Server.Streams[LogType.Network]!.Told = new StreamDelivery(1380, 1_640_000, 10, 1, Spoofed: 2, LastError: "no route", LastActivity: host.Time.GetUtcNow());

        var status = (await host.GetAsync(Path + "/status")).Json;

        var recorded = System.Text.Json.JsonElement.Parse(Recorded);
        Assert.That(status.EnumerateObject().Select(m => m.Name), Is.EqualTo(recorded.EnumerateObject().Select(m => m.Name)), "the members that were seen live");
        Assert.That(status.GetProperty("numEntriesSent").GetInt64(), Is.EqualTo(1380));
        Assert.That(status.GetProperty("numSpoofedEntries").GetInt64(), Is.EqualTo(2));
        Assert.That(status.GetProperty("lastError").GetString(), Is.EqualTo("no route"));
    }

    const string Recorded = """
        {"lastActivity": "2026-07-27T12:00:12.5Z", "lastError": "", "maxBodySize": 11059200, "maxNumEntries": 3375, "numBytesSent": 1640000, "numEntriesSent": 1380,
         "numSpoofedEntries": 0, "numTotalRequests": 10, "numMaxBodyRequests": 0, "numFailedRequests": 1, "numTotalRequestNanoSecs": 912345678,
         "numTotalNanoSecsPerProgress": [0, 912345678], "rateBytesSent": 1533.25, "rateEntriesSent": 1.29, "rateTotalRequests": 0.0094, "rateFailedRequests": 0.0009}
        """;

    static string Splunk(string url) =>
        $$"""{"destinationType":"splunk","url":"{{url}}","user":"tailscale","token":"some-token","compressionFormat":"none"}""";

    /// <summary>The status, once it is as wanted.</summary>
    static async Task<System.Text.Json.JsonElement> StatusAsync(ControlPlaneHost host, Predicate<System.Text.Json.JsonElement> isWanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var status = (await host.GetAsync(Path + "/status")).Json;
            if (isWanted(status))
                return status;
            Assert.That(limit.IsCancellationRequested, Is.False, status.ToString());
        }
    }
}
