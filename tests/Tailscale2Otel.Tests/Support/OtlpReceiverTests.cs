using System.Net;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Logs.V1;

namespace Tailscale2Otel.Tests.Support;

/// <summary>The receiver is a measuring instrument: it is tested before anything is measured with it.</summary>
sealed class OtlpReceiverTests
{
    [Test]
    public async Task Keeps_what_a_plain_client_posts_and_answers_from_the_queue()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer(OtlpAnswer.Status(503, retryAfter: "7"), OtlpAnswer.Partial(1, "one"));
        using var client = new HttpClient { BaseAddress = receiver.HttpEndpoint };

        using var first = await client.PostAsync("/v1/logs", Body("a"));
        using var second = await client.PostAsync("/v1/logs", Body("b"));

        var records = await receiver.WaitForRecordsAsync(1);
        Assert.Multiple(() =>
        {
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(first.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(records.Select(r => r.EventName), Is.EqualTo(new[] { "b" }));
            Assert.That(receiver.Requests, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task Says_what_it_has_when_waiting_is_in_vain()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        Assert.That(
            async () => await receiver.WaitForRecordsAsync(3, TimeSpan.FromMilliseconds(20)),
            Throws.TypeOf<TimeoutException>().With.Message.Contains("0 of 3 log records"));
    }

    static ByteArrayContent Body(string eventName)
    {
        var request = new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { EventName = eventName } } } } } } };
        return new ByteArrayContent(request.ToByteArray());
    }
}
