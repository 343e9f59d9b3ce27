using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpSenderTests
{
    /// <summary>Bytes that no system takes into its buffers.</summary>
    const int Large = 16 * 1024 * 1024;

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

    [Test]
    public async Task Does_not_begin_a_wait_that_ends_behind_its_patience()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = _ => OtlpAnswer.Status(503, retryAfter: "4");

        var reply = await SendAsync(receiver, isAlone: false, TimeSpan.FromSeconds(3), new ManualTime()).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.Retry, 503)));
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

    [TestCase(false, OtlpDecision.Split)]
    [TestCase(true, OtlpDecision.Retry)]
    public async Task Divides_a_request_that_is_refused_while_it_is_under_way_and_gives_up_no_record(bool isAlone, OtlpDecision expected)
    {
        await using var backend = new HastyBackend(length => length > 0 ? 413 : 200);

        var reply = await SendLargeAsync(backend, isAlone, TimeProvider.System);

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((expected, -1)), reply.Message);
        Assert.That(backend.Lengths, Is.EqualTo(new[] { Large, 0 }));
    }

    [Test]
    public async Task Learns_of_wrong_credentials_however_large_its_request_is()
    {
        await using var backend = new HastyBackend(_ => 401);

        var reply = await SendLargeAsync(backend, isAlone: false, TimeProvider.System);

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.RetryLoudly, 401)), reply.Message);
    }

    [TestCase(false, OtlpDecision.Split)]
    [TestCase(true, OtlpDecision.Retry)]
    public async Task Divides_a_request_that_cannot_be_sent_in_time(bool isAlone, OtlpDecision expected)
    {
        var time = new ManualTime();
        await using var backend = new HastyBackend(length => length > 0 ? HastyBackend.Silence : 200);

        var sending = SendLargeAsync(backend, isAlone, time);
        await backend.FirstAsync();
        time.Advance(TimeSpan.FromSeconds(20));
        var reply = await sending;

        Assert.That((reply.Decision, reply.ErrorType), Is.EqualTo((expected, "timeout")), reply.Message);
        Assert.That(backend.Lengths, Is.EqualTo(new[] { Large, 0 }));
    }

    static Task<OtlpReply> SendAsync(OtlpReceiver receiver, bool isAlone, TimeSpan patience, TimeProvider? time = null) =>
        // An empty ResourceLogs.
        SendAsync(receiver.HttpEndpoint, [0x0A, 0x00], isAlone, patience, time ?? TimeProvider.System);

    static Task<OtlpReply> SendLargeAsync(HastyBackend backend, bool isAlone, TimeProvider time) =>
        SendAsync(backend.Endpoint, new byte[Large], isAlone, TimeSpan.Zero, time);

    static async Task<OtlpReply> SendAsync(Uri endpoint, byte[] message, bool isAlone, TimeSpan patience, TimeProvider time)
    {
        using var meter = new Meter("sender");
        var options = new OtlpOptions
        {
            Endpoint = endpoint.ToString(),
            Timeout = TimeSpan.FromSeconds(20),
            Retry = { InitialInterval = TimeSpan.FromMilliseconds(5), MaxInterval = TimeSpan.FromMilliseconds(20) },
        };
        var target = OtlpTarget.Resolve(options, OtlpSignal.Logs)!;
        var metrics = new ExportMetrics(meter);
        var outage = new OtlpOutage(target, metrics, new Health(), new CollectedLines().For<OtlpSender>(), time);
        using var sender = new OtlpSender(OtlpClient.Create(target, time), outage, metrics, time, probe: []);
        using var body = OtlpRequestBody.Create(target, message, default);
        return await sender.SendAsync(body, isAlone, patience, CancellationToken.None);
    }
}
