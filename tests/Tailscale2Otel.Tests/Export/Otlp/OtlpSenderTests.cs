using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpSenderTests
{
    [Test]
    public async Task Returns_the_last_failure_when_patience_ends()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = _ => OtlpAnswer.Status(503);

        var reply = await SendAsync(receiver, isAlone: false, TimeSpan.FromMilliseconds(500));

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.Retry, 503)));
        Assert.That(receiver.Requests, Has.Count.GreaterThan(1));
    }

    [Test]
    public async Task Tries_once_without_patience()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = _ => OtlpAnswer.Status(503);

        await SendAsync(receiver, isAlone: true, TimeSpan.Zero);

        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(false, 2)]
    [TestCase(true, 6)]
    public async Task Gives_a_lone_record_more_chances_than_a_divisible_request(bool isAlone, int requests)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = request => request.MessageBytes > 0 ? OtlpAnswer.Status(500) : OtlpAnswer.Ok;

        var reply = await SendAsync(receiver, isAlone, Timeout.InfiniteTimeSpan);

        Assert.That(reply.Decision, Is.EqualTo(OtlpDecision.Split));
        Assert.That(receiver.Requests, Has.Count.EqualTo(requests));
    }

    static async Task<OtlpReply> SendAsync(OtlpReceiver receiver, bool isAlone, TimeSpan patience)
    {
        using var meter = new Meter("sender");
        var target = OtlpTarget.Resolve(OtlpSome.Options(receiver), OtlpSignal.Logs)!;
        var metrics = new ExportMetrics(meter);
        var outage = new OtlpOutage(target, metrics, new Health(), new CollectedLines().For<OtlpSender>(), TimeProvider.System);
        using var sender = new OtlpSender(OtlpClient.Create(target, TimeProvider.System), outage, metrics, TimeProvider.System, probe: []);
        // An empty ResourceLogs.
        using var body = OtlpRequestBody.Create(target, [0x0A, 0x00], default);
        return await sender.SendAsync(body, isAlone, patience, CancellationToken.None);
    }
}
