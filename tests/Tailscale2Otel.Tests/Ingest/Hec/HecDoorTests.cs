using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>Which tailnet a request of the stream is for, on real sockets.</summary>
[TestFixture]
public sealed class HecDoorTests
{
    const string Event = """{"event":"hello"}""";

    [TestCase("/a", "token-a", 200, "a.example")]
    [TestCase("/a/", "token-a", 200, "a.example")]
    [TestCase("/a", "token-a-next", 200, "a.example")]
    [TestCase("/b", "token-b", 200, "b.example")]
    [TestCase("/a", "token-b", 403, "")]
    [TestCase("/b", "token-a", 403, "")]
    [TestCase("/a", "token-c", 403, "")]
    [TestCase("/a", "nobody's", 403, "")]
    [TestCase("/c", "token-c", 404, "")]
    [TestCase("/services/collector/event", "token-a", 200, "a.example")]
    [TestCase("/services/collector", "token-b", 200, "b.example")]
    [TestCase("/services/collector/event", "token-c", 200, "c.example")]
    [TestCase("/services/collector/raw", "token-b", 200, "b.example")]
    [TestCase("/services/collector/event", "nobody's", 403, "")]
    public async Task Path_and_token_say_whose_records_come(string path, string token, int status, string tailnet)
    {
        await using var host = await HecHost.StartAsync(Several);

        var answer = await host.SendAsync(new HecRequest { Path = path, Authorization = $"Splunk {token}", Text = Event });

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(host.Spool.Records.Select(r => r.Tailnet), Is.EqualTo(tailnet.Length == 0 ? Array.Empty<string>() : [tailnet]));
    }

    [TestCase("/a")]
    [TestCase("/services/collector/event")]
    public async Task Nobody_gets_in_without_a_token(string path)
    {
        await using var host = await HecHost.StartAsync(Several);

        Assert.That((await host.SendAsync(new HecRequest { Path = path, Authorization = null, Text = Event })).Status, Is.EqualTo(401));
        Assert.That(host.Spool.Records, Is.Empty);
    }

    [Test]
    public async Task A_token_in_the_query_opens_its_own_door()
    {
        await using var host = await HecHost.StartAsync(o =>
        {
            Several(o);
            o.AllowQueryToken = true;
        });

        Assert.That((await host.SendAsync(new HecRequest { Path = "/b?token=token-b", Authorization = null, Text = Event })).Status, Is.EqualTo(200));
        Assert.That((await host.SendAsync(new HecRequest { Path = "/b?token=token-a", Authorization = null, Text = Event })).Status, Is.EqualTo(403));
        Assert.That(host.Spool.Records.Select(r => r.Tailnet), Is.EqualTo(new[] { "b.example" }));
    }

    [Test]
    public async Task Acknowledgements_and_health_are_the_listeners()
    {
        const string channel = "11111111-2222-3333-4444-555555555555";
        await using var host = await HecHost.StartAsync(o =>
        {
            Several(o);
            o.Ack = true;
        });

        var first = await host.SendAsync(new HecRequest { Path = "/a", Authorization = "Splunk token-a", Channel = channel, Text = Event });
        var second = await host.SendAsync(new HecRequest { Path = "/b", Authorization = "Splunk token-b", Channel = channel, Text = Event });
        var health = await host.SendAsync(new HecRequest { Method = "GET", Path = "/services/collector/health", Authorization = null });

        Assert.That(first.Body, Does.Contain("\"ackId\":0"));
        Assert.That(second.Body, Does.Contain("\"ackId\":1"));
        Assert.That(health.Status, Is.EqualTo(200));
    }

    static void Several(HecOptions options)
    {
        options.Token = [];
        options.Routes =
        [
            new HecRouteOptions { Tailnet = "a.example", Path = "/a", Token = [new Secret("token-a"), new Secret("token-a-next")] },
            new HecRouteOptions { Tailnet = "b.example", Path = "/b/", Token = [new Secret("token-b")] },
            new HecRouteOptions { Tailnet = "c.example", Token = [new Secret("token-c")] },
        ];
    }
}
