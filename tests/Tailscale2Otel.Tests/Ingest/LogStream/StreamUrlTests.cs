using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[TestFixture]
public sealed class StreamUrlTests
{
    const string Path = "/services/collector/event";

    [TestCase("https://logs.example.com/services/collector/event", false)]
    [TestCase("https://logs.example.com:8443/services/collector/event/", false)]
    [TestCase("https://[2001:db8::7]/services/collector/event", false)]
    [TestCase("https://node.example.ts.net/services/collector/event", true)]
    public void What_Tailscale_takes_and_reaches_has_nothing_against_it(string url, bool isPrivate)
    {
        var report = StreamUrl.Examine(url, Receiver(":8088"));

        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Warnings, Is.Empty);
        Assert.That(report.IsPrivate, Is.EqualTo(isPrivate));
    }

    [TestCase("http://node:8088/services/collector/event")]
    [TestCase("http://node.example.ts.net:8088/services/collector/event")]
    [TestCase("http://NODE.example.TS.NET.:8088/services/collector/event")]
    [TestCase("http://[fd7a:115c:a1e0::a01]:8088/services/collector/event")]
    public void Plain_HTTP_to_a_node_is_fine_and_says_what_it_needs(string url)
    {
        var report = StreamUrl.Examine(url, Receiver(":8088"));

        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.IsPrivate, Is.True);
        Assert.That(report.Warnings, Has.Count.EqualTo(1));
        Assert.That(report.Warnings[0], Does.Contain("logstream@tailscale").And.Contain("IPv6").And.Contain("device_invites").And.Contain("policy_file"));
    }

    [TestCase("", "absolute http or https URL")]
    [TestCase("node:8088", "absolute http or https URL")]
    [TestCase("/services/collector/event", "absolute http or https URL")]
    [TestCase("ftp://logs.example.com/services/collector/event", "absolute http or https URL")]
    [TestCase("https://logs.example.com:99999/services/collector/event", "absolute http or https URL")]
    [TestCase("https://logs.example.com:0/services/collector/event", "port")]
    [TestCase("https://user:hunter2@logs.example.com/services/collector/event", "user or a password")]
    [TestCase("https://logs.example.com/services/collector/event#top", "fragment")]
    [TestCase("http://100.64.0.1:8088/services/collector/event", "may repeat between tailnets")]
    [TestCase("https://100.127.255.254/services/collector/event", "may repeat between tailnets")]
    [TestCase("https://[::ffff:100.64.0.1]/services/collector/event", "may repeat between tailnets")]
    [TestCase("http://203.0.113.7:8088/services/collector/event", "must not be an IPv4 address")]
    [TestCase("https://203.0.113.7/services/collector/event", "must not be an IPv4 address")]
    [TestCase("https://[::ffff:203.0.113.7]/services/collector/event", "must not be an IPv4 address")]
    [TestCase("http://[2001:db8::7]:8088/services/collector/event", "plain HTTP")]
    [TestCase("http://logs.example.com/services/collector/event", "plain HTTP")]
    [TestCase("http://example.ts.net.evil.example/services/collector/event", "plain HTTP")]
    [TestCase("https://192.168.1.7/services/collector/event", "local network")]
    [TestCase("https://10.0.0.7/services/collector/event", "local network")]
    [TestCase("https://127.0.0.1/services/collector/event", "local network")]
    [TestCase("https://localhost/services/collector/event", "local network")]
    [TestCase("http://localhost:8088/services/collector/event", "local network")]
    [TestCase("https://[::1]/services/collector/event", "local network")]
    [TestCase("https://[fd00::1]/services/collector/event", "local network")]
    [TestCase("https://[fe80::1]/services/collector/event", "local network")]
    public void What_Tailscale_would_refuse_or_never_reach_is_an_error_in_words(string url, string words)
    {
        var report = StreamUrl.Examine(url, Receiver(":8088"));

        Assert.That(report.Errors, Has.Count.EqualTo(1));
        Assert.That(report.Errors[0], Does.Contain(words));
        Assert.That(report.Errors[0], Does.Not.Contain("hunter2"));
    }

    [TestCase("https://logs.example.com/other", "its path is not the receiver's")]
    [TestCase("https://logs.example.com/services/collector/event?token=hunter2", "it has a query")]
    [TestCase("https://node/services/collector/event", "the receiver speaks plain HTTP")]
    [TestCase("http://node:9000/services/collector/event", "its port is 9000 and the receiver's 8088")]
    public void What_may_be_meant_so_is_a_warning(string url, string words)
    {
        var report = StreamUrl.Examine(url, Receiver(":8088"));

        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Warnings, Has.Some.Contains(words));
        Assert.That(string.Concat(report.Warnings), Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Plain_HTTP_to_a_receiver_with_TLS_is_a_warning() =>
        Assert.That(
            StreamUrl.Examine("http://node:8088" + Path, Receiver(":8088", hasTls: true)).Warnings, Has.Some.Contains("the receiver speaks TLS"));

    [TestCase("http://node:8088/services/collector/event", "0.0.0.0:8088")]
    [TestCase("http://node.example.ts.net:8088/services/collector/event", "100.64.0.1:8088")]
    [TestCase("http://[fd7a:115c:a1e0::a01]:8088/services/collector/event", "192.168.1.7:8088")]
    [TestCase("https://node:8088/services/collector/event", "0.0.0.0:8088")]
    public void A_private_endpoint_is_never_reached_on_a_listener_of_IPv4_alone(string url, string listen)
    {
        var report = StreamUrl.Examine(url, Receiver(listen));

        Assert.That(report.Errors, Has.Count.EqualTo(1));
        Assert.That(report.Errors[0], Does.Contain($"listens on {listen}, IPv4 alone").And.Contain("\":8088\""));
    }

    [TestCase("https://logs.example.com/services/collector/event", "0.0.0.0:8088")]
    [TestCase("https://node.example.ts.net/services/collector/event", "0.0.0.0:8088")]
    [TestCase("http://node:8088/services/collector/event", "[fd7a:115c:a1e0::a01]:8088")]
    public void A_public_name_Funnel_and_an_IPv6_listener_do_not_mind(string url, string listen) =>
        Assert.That(StreamUrl.Examine(url, Receiver(listen)).Errors, Is.Empty);

    [TestCase("127.0.0.1:8088")]
    [TestCase("[::1]:8088")]
    [TestCase("localhost:8088")]
    public void A_listener_on_loopback_needs_somebody_who_forwards(string listen)
    {
        var report = StreamUrl.Examine("http://node:8088" + Path, Receiver(listen));

        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Warnings, Has.Some.Contains("tailscale serve"));
    }

    [TestCase("https://logs.example.com/event", "https://LOGS.example.com:443/event", true)]
    [TestCase("not a URL", "not a URL", true)]
    [TestCase("https://logs.example.com/event", "https://logs.example.com/Event", false)]
    [TestCase("https://logs.example.com/event", "http://logs.example.com/event", false)]
    [TestCase("https://logs.example.com/event", "https://logs.example.com/event?a=b", false)]
    [TestCase("https://logs.example.com/event", "https://user@logs.example.com/event", false)]
    public void Two_spellings_of_one_URL_are_the_same(string one, string other, bool expected) =>
        Assert.That(StreamUrl.AreSame(one, other), Is.EqualTo(expected));

    static StreamReceiver Receiver(string listen, bool hasTls = false)
    {
        Assert.That(ListenAddress.TryParse(listen, out var address), Is.True);
        return new StreamReceiver(address, Path, hasTls);
    }
}
