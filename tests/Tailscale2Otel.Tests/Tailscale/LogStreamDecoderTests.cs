using System.Text;
using System.Text.Json;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class LogStreamDecoderTests
{
    [Test]
    public void A_status_is_read_from_what_the_server_sent()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "stream-status-response.json")));

        Assert.That(LogStreamDecoder.Status(json.RootElement), Is.EqualTo(new LogStreamStatus
        {
            LastActivity = new DateTimeOffset(2026, 7, 27, 12, 0, 12, 500, TimeSpan.Zero),
            BytesSent = 1_640_000,
            EntriesSent = 1380,
            Requests = 10,
            FailedRequests = 1,
        }));
    }

    [Test]
    public void A_destination_goes_out_as_it_comes_in_and_its_token_only_out()
    {
        var sink = new LogStreamSink("splunk", "https://collector.example/services/collector/event", "splunk", new Secret("hunter2"), "zstd");
        using var written = JsonDocument.Parse(LogStreamDecoder.Write(sink));

        Assert.That(LogStreamDecoder.Sink(written.RootElement), Is.EqualTo(sink with { Token = null }));
        Assert.That(written.RootElement.GetProperty("token").GetString(), Is.EqualTo("hunter2"));
        Assert.That(Encoding.UTF8.GetString(LogStreamDecoder.Write(sink with { Token = null })), Does.Not.Contain("token"));
    }

    [TestCase("""{"networkFlowLoggingOn":true}""", true)]
    [TestCase("""{"networkFlowLoggingOn":"false"}""", false)]
    [TestCase("""{"devicesApprovalOn":true}""", null)]
    public void The_settings_say_whether_flows_are_logged_when_the_credential_may_see_it(string json, bool? expected) =>
        Assert.That(LogStreamDecoder.Features(JsonDocument.Parse(json).RootElement)!.NetworkFlowLogging, Is.EqualTo(expected));

    [Test]
    public void What_is_no_object_is_none_of_them()
    {
        var list = JsonDocument.Parse("[]").RootElement;

        Assert.That(LogStreamDecoder.Sink(list), Is.Null);
        Assert.That(LogStreamDecoder.Status(list), Is.Null);
        Assert.That(LogStreamDecoder.Features(list), Is.Null);
    }

    [TestCase("{}")]
    [TestCase("""{"message":"try later"}""")]
    [TestCase("""{"destinationType":"","url":"https://collector.example/"}""")]
    public void What_has_no_type_is_no_destination(string json) =>
        Assert.That(LogStreamDecoder.Sink(JsonDocument.Parse(json).RootElement), Is.Null);
}
