using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[TestFixture]
public sealed class StreamWordsTests
{
    [TestCase("splunk", "https://splunk.example.com:8088/services/collector/event?token=hunter2", "splunk at https://splunk.example.com:8088/services/collector/event")]
    [TestCase("splunk", "https://user:hunter2@splunk.example.com/event", "splunk at https://splunk.example.com/event")]
    [TestCase("panther", "https://logs.example.com/http/hunter2", "panther at https://logs.example.com/…")]
    [TestCase("s3", "", "s3")]
    [TestCase("s3", "not a URL with hunter2", "s3")]
    [TestCase("s\n3", "", "s 3")]
    public void A_destination_is_described_without_what_may_be_a_secret(string type, string url, string expected) =>
        Assert.That(StreamWords.Describe(new LogStreamSink(type, url, "hunter2")), Is.EqualTo(expected));

    [Test]
    public void A_tailnet_is_named_when_there_are_several()
    {
        Assert.That(StreamWords.Title(LogType.Network, ""), Is.EqualTo("Network flow logs"));
        Assert.That(StreamWords.Title(LogType.Configuration, "example.com"), Is.EqualTo("Configuration logs of example.com"));
        Assert.That(StreamWords.Component("log stream", LogType.Network, "example.com"), Is.EqualTo("log stream network of example.com"));
    }
}
