using System.Text;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

/// <summary>Which tailnet a delivery is for, on real sockets.</summary>
[TestFixture]
public sealed class WebhookDoorsTests
{
    const long Now = SignedDelivery.ExampleTime;

    static readonly byte[] Example = Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody);

    [TestCase("/tailscale/webhook", "secret-a", 200, "a.example")]
    [TestCase("/tailscale/webhook", "secret-a-next", 200, "a.example")]
    [TestCase("/tailscale/webhook/", "secret-b", 200, "b.example")]
    [TestCase("/c", "secret-c", 200, "c.example")]
    [TestCase("/c", "secret-a", 401, "bad_signature")]
    [TestCase("/tailscale/webhook", "secret-c", 401, "bad_signature")]
    [TestCase("/tailscale/webhook", "nobody's", 401, "bad_signature")]
    [TestCase("/a", "secret-a", 404, "not_found")]
    public async Task Path_and_signature_say_whose_events_come(string path, string secret, int status, string expected)
    {
        await using var host = await WebhookHost.StartAsync(Several);

        var answer = await host.SendAsync(SignedDelivery.Request(Now, Example, secret) with { Path = path });

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(host.Spool.Records.Select(r => r.Tailnet), Is.EqualTo(status == 200 ? [expected] : Array.Empty<string>()));
        if (status != 200)
            Assert.That(answer.Body, Does.Contain(expected));
    }

    [Test]
    public async Task A_signature_that_fits_and_is_too_old_is_told_so_whichever_door_it_is_for()
    {
        await using var host = await WebhookHost.StartAsync(Several);

        foreach (var secret in (string[])["secret-a", "secret-b"])
            Assert.That((await host.SendAsync(SignedDelivery.Request(Now - (26 * 3600), Example, secret))).Body, Does.Contain("stale_timestamp"));
    }

    [TestCase("/tailscale/webhook", null, "missing_signature")]
    [TestCase("/c", "t=soon", "malformed_signature")]
    public async Task What_is_wrong_with_the_header_is_told_as_with_one_tailnet(string path, string? header, string reason)
    {
        await using var host = await WebhookHost.StartAsync(Several);

        Assert.That((await host.SendAsync(SignedDelivery.Request(header, Example) with { Path = path })).Body, Does.Contain(reason));
        Assert.That(host.Spool.Records, Is.Empty);
    }

    static void Several(WebhookOptions options)
    {
        options.Secret = [];
        options.Routes =
        [
            new WebhookRouteOptions { Tailnet = "a.example", Secret = [new Secret("secret-a"), new Secret("secret-a-next")] },
            new WebhookRouteOptions { Tailnet = "b.example", Secret = [new Secret("secret-b")] },
            new WebhookRouteOptions { Tailnet = "c.example", Path = "/c", Secret = [new Secret("secret-c")] },
        ];
    }
}
