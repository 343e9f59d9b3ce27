using Microsoft.Extensions.Logging;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpLogExporterTests
{
    static readonly string[] Protocols = ["http", "grpc"];

    [Test]
    public async Task Delivers_over_both_transports_with_and_without_TLS_and_compression(
        [Values("http", "grpc")] string protocol, [Values] bool tls, [Values("none", "gzip", "zstd")] string compression)
    {
        using var certificates = new OtlpCertificates();
        await using var receiver = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = tls ? certificates : null });
        var options = OtlpSome.Options(receiver, protocol, compression);
        options.Tls.CaFile = tls ? certificates.CaFile : "";
        options.Headers = new Dictionary<string, Secret> { ["x-key"] = new("k") };
        using var some = new OtlpSome(options);

        var result = await some.DeliverAsync(500);

        var request = receiver.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(500, 0, 0)));
            Assert.That(OtlpSome.Numbers(receiver.LogRecords), Is.EqualTo(Enumerable.Range(0, 500)));
            Assert.That((request.IsGrpc, request.Protocol), Is.EqualTo((protocol == "grpc", protocol == "grpc" ? "HTTP/2" : "HTTP/1.1")));
            Assert.That(request.Encoding, Is.EqualTo(compression == "none" ? "identity" : compression));
            Assert.That(request.WireBytes, compression == "none" ? Is.EqualTo(request.MessageBytes) : Is.LessThan(request.MessageBytes / 4));
            Assert.That(request.Headers["x-key"], Is.EqualTo("k"));
            Assert.That(request.Headers["user-agent"], Does.Match(@"^tailscale2otel/\d"));
            Assert.That(request.Headers["content-type"], Is.EqualTo(protocol == "grpc" ? "application/grpc" : "application/x-protobuf"));
            Assert.That(request.Resource, Is.EqualTo(new Dictionary<string, string> { ["service.name"] = "t" }));
            Assert.That(request.Logs!.ResourceLogs[0].ScopeLogs[0].Scope.Name, Is.EqualTo("tailscale2otel"));
            Assert.That(some.Counts["tailscale2otel.export.log_records"], Is.EqualTo(500));
            Assert.That(some.Counts["tailscale2otel.export.duration success logs"], Is.EqualTo(1));
        });
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Shows_its_client_certificate(string protocol)
    {
        using var certificates = new OtlpCertificates();
        await using var receiver = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = certificates, RequireClientCertificate = true });
        var options = OtlpSome.Options(receiver, protocol);
        options.Tls = new OtlpTlsOptions { CaFile = certificates.CaFile, CertFile = certificates.ClientCertFile, KeyFile = certificates.ClientKeyFile };
        using var some = new OtlpSome(options);

        await some.DeliverAsync(1);

        Assert.That(receiver.Requests.Single().ClientCertificate, Is.EqualTo("CN=test client"));
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Does_not_talk_to_a_server_it_cannot_verify(string protocol)
    {
        using var certificates = new OtlpCertificates();
        await using var receiver = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = certificates });
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        using var stop = new CancellationTokenSource();

        var delivery = some.DeliverAsync(1, stop.Token);
        await some.Lines.WaitAsync("refuses");
        await stop.CancelAsync();

        Assert.Multiple(() =>
        {
            Assert.That(async () => await delivery, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(receiver.Requests, Is.Empty);
            Assert.That(some.Health.Advices.Single().Value, Does.Contain("otlp.tls"));
        });
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Skips_verification_only_when_told_to(string protocol)
    {
        using var certificates = new OtlpCertificates();
        await using var receiver = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = certificates });
        var options = OtlpSome.Options(receiver, protocol);
        options.Tls.InsecureSkipVerify = true;
        using var some = new OtlpSome(options);

        Assert.That((await some.DeliverAsync(1)).Accepted, Is.EqualTo(1));
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task Gives_up_no_record_for_a_backend_that_takes_nothing(string protocol)
    {
        const int InvalidArgument = 3;
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        OtlpAnswer Refusal() => protocol == "grpc" ? OtlpAnswer.Grpc(InvalidArgument) : OtlpAnswer.Status(400, "The plain HTTP request was sent to HTTPS port");
        receiver.Decide = _ => Refusal();

        var delivery = some.DeliverAsync(3);
        await receiver.WaitForRequestsAsync(8);
        receiver.Decide = request => request.LogRecords.Count == 0 ? Refusal() : OtlpAnswer.Ok;
        var result = await delivery;

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(3, 0, 0)));
            Assert.That(some.Refused, Is.Empty);
        });
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Counts_a_partial_success_and_does_not_repeat_it(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        receiver.Answer(OtlpAnswer.Partial(3, "too old"));

        var result = await some.DeliverAsync(10);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(7, 0, 3)));
            Assert.That(receiver.Requests, Has.Count.EqualTo(1));
            Assert.That(some.Counts["tailscale2otel.export.failures partial_success logs"], Is.EqualTo(1));
            Assert.That(some.Counts["tailscale2otel.export.rejected partial_success logs"], Is.EqualTo(3));
            Assert.That(some.Lines.All.Single().Text, Does.Contain("rejected 3 items").And.Not.Contains("too old"));
        });
    }

    [Test]
    public async Task Takes_an_acceptance_of_any_length([Values("http", "grpc")] string protocol, [Values(60_000, 70_000, 1_000_000)] int length)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        receiver.Answer(OtlpAnswer.Partial(1, new string('x', length)));

        Assert.That(await some.DeliverAsync(3), Is.EqualTo(new DeliveryResult(2, 0, 1)));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Never_counts_more_rejected_than_it_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));
        receiver.Answer(OtlpAnswer.Partial(long.MaxValue), OtlpAnswer.Partial(-5), OtlpAnswer.Ok with { Body = [0xFF, 0xFF, 0x01] });

        Assert.Multiple(async () =>
        {
            Assert.That(await some.DeliverAsync(2), Is.EqualTo(new DeliveryResult(0, 0, 2)));
            Assert.That(some.Lines.All.Single().Text, Does.Contain("rejected 2 items"));
            Assert.That(await some.DeliverAsync(2), Is.EqualTo(new DeliveryResult(2, 0, 0)));
            Assert.That(await some.DeliverAsync(2), Is.EqualTo(new DeliveryResult(2, 0, 0)));
        });
    }

    static IEnumerable<TestCaseData> Passing()
    {
        yield return new TestCaseData("http", OtlpAnswer.Status(503), "unavailable");
        yield return new TestCaseData("http", OtlpAnswer.Status(502), "unavailable");
        yield return new TestCaseData("http", OtlpAnswer.Status(504), "timeout");
        yield return new TestCaseData("http", OtlpAnswer.Status(429), "rate_limited");
        yield return new TestCaseData("http", OtlpAnswer.Reset, "unavailable");
        yield return new TestCaseData("http", OtlpAnswer.ResetMidResponse, "unavailable");
        yield return new TestCaseData("grpc", OtlpAnswer.Grpc(14), "unavailable");
        yield return new TestCaseData("grpc", OtlpAnswer.Grpc(14) with { TrailersAfterHead = true }, "unavailable");
        yield return new TestCaseData("grpc", OtlpAnswer.Grpc(4), "timeout");
        yield return new TestCaseData("grpc", OtlpAnswer.Grpc(8, "slow down", TimeSpan.FromMilliseconds(1)), "rate_limited");
        yield return new TestCaseData("grpc", OtlpAnswer.Status(503), "unavailable");
        yield return new TestCaseData("grpc", OtlpAnswer.Reset, "unavailable");
        yield return new TestCaseData("grpc", OtlpAnswer.ResetMidResponse, "unavailable");
    }

    [TestCaseSource(nameof(Passing))]
    public async Task Repeats_what_may_pass_with_the_same_records(string protocol, OtlpAnswer answer, string errorType)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol, "gzip"));
        receiver.Answer(answer, answer);

        var result = await some.DeliverAsync(20);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(20, 0, 0)));
            Assert.That(receiver.Requests, Has.Count.EqualTo(3));
            Assert.That(receiver.Requests.Select(r => OtlpSome.Numbers(r.LogRecords)), Is.All.EqualTo(Enumerable.Range(0, 20)));
            Assert.That(some.Counts[$"tailscale2otel.export.failures {errorType} logs"], Is.EqualTo(2));
            Assert.That(some.Counts["tailscale2otel.export.duration failure logs"], Is.EqualTo(2));
            Assert.That(some.Counts[$"tailscale2otel.export.diagnostics.suppressed {errorType} logs"], Is.EqualTo(1));
            Assert.That(some.Lines.All.Select(l => l.Level), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Information }));
            Assert.That(some.Health.Advices, Is.Empty);
        });
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        foreach (var status in (int[])[302, 401, 403, 404, 405, 415])
            yield return new TestCaseData("http", OtlpAnswer.Status(status, "no such token"));
        foreach (var code in (int[])[5, 7, 12, 16])
            yield return new TestCaseData("grpc", OtlpAnswer.Grpc(code, "no such token"));
        yield return new TestCaseData("grpc", OtlpAnswer.Status(401));
    }

    [TestCaseSource(nameof(Mistakes))]
    public async Task Repeats_an_operators_mistake_and_says_so_until_it_is_mended(string protocol, OtlpAnswer answer)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        var release = new TaskCompletionSource();
        receiver.Answer(answer, answer, OtlpAnswer.After(release.Task));

        var delivery = some.DeliverAsync(3);
        await receiver.WaitForRequestsAsync(3);
        var problem = some.Health.Advices.SingleOrDefault();
        release.SetResult();
        var result = await delivery;

        Assert.Multiple(() =>
        {
            Assert.That(problem.Key, Is.EqualTo("otlp logs"));
            Assert.That(problem.Value, Does.Contain("check otlp."));
            Assert.That(result, Is.EqualTo(new DeliveryResult(3, 0, 0)));
            Assert.That(some.Refused, Is.Empty);
            Assert.That(some.Health.Advices, Is.Empty);
            Assert.That(some.Lines.All.Select(l => l.Level), Is.EqualTo(new[] { LogLevel.Error, LogLevel.Information }));
        });
    }

    [TestCase("http", 400)]
    [TestCase("http", 413)]
    [TestCase("grpc", 3)]
    public async Task Finds_the_one_record_that_the_backend_refuses(string protocol, int status)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        receiver.Decide = request => !OtlpSome.Numbers(request.LogRecords).Contains(617) ? OtlpAnswer.Ok
            : protocol == "http" ? OtlpAnswer.Status(status, "bad\nrecord") : OtlpAnswer.Grpc(status, "bad\nrecord");

        var result = await some.DeliverAsync(1000);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(999, 1, 0)));
            Assert.That(OtlpSome.Numbers(receiver.LogRecords), Is.EqualTo(Enumerable.Range(0, 1000).Where(i => i != 617)));
            Assert.That(some.Refused, Is.EqualTo(new[] { new RefusedRecord(new SpoolPosition(61_700), status, "bad record") }));
            Assert.That(receiver.Requests, Has.Count.LessThan(25));
            Assert.That(some.Counts["tailscale2otel.export.rejected refused logs"], Is.EqualTo(1));
            Assert.That(some.Lines.All.Select(l => l.Text), Has.None.Contains("bad"));
        });
    }

    [TestCase("http", 500)]
    [TestCase("grpc", 13)]
    [TestCase("grpc", 8)]
    public async Task Asks_with_an_empty_request_whether_the_data_or_the_backend_is_broken(string protocol, int status)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol));
        var answer = protocol == "http" ? OtlpAnswer.Status(status) : OtlpAnswer.Grpc(status);
        receiver.Answer([.. Enumerable.Repeat(answer, 8)]);
        receiver.Decide = request => OtlpSome.Numbers(request.LogRecords).Contains(3) ? answer : OtlpAnswer.Ok;

        var result = await some.DeliverAsync(8);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(7, 1, 0)));
            Assert.That(receiver.Requests.Take(8).Select(r => r.LogRecords.Count), Is.EqualTo(new[] { 8, 0, 8, 0, 8, 0, 8, 0 }));
            Assert.That(OtlpSome.Numbers(receiver.LogRecords), Is.EqualTo(new[] { 0, 1, 2, 4, 5, 6, 7 }));
            Assert.That(some.Refused.Single().Position, Is.EqualTo(new SpoolPosition(300)));
            Assert.That(receiver.Requests.Count(r => OtlpSome.Numbers(r.LogRecords).SequenceEqual([3L])), Is.EqualTo(3));
        });
    }

    [TestCase(503, LogLevel.Warning, "HTTP 503")]
    [TestCase(401, LogLevel.Error, "HTTP 401. The OTLP backend refuses the credentials")]
    [TestCase(401, LogLevel.Error, "It says: to nothing")]
    [TestCase(400, LogLevel.Error, "HTTP 400 to everything")]
    public async Task Says_what_the_empty_request_was_answered_and_nothing_about_the_data(int status, LogLevel level, string expected)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));
        var release = new TaskCompletionSource();
        receiver.Answer(OtlpAnswer.Status(500, "cannot index alice"), OtlpAnswer.Status(status, "to nothing"), OtlpAnswer.After(release.Task));

        var delivery = some.DeliverAsync(3);
        await receiver.WaitForRequestsAsync(3);
        var advices = some.Health.Advices.Count;
        release.SetResult();

        Assert.That(await delivery, Is.EqualTo(new DeliveryResult(3, 0, 0)));
        Assert.Multiple(() =>
        {
            Assert.That(some.Lines.All.Select(l => l.Level), Is.EqualTo(new[] { level, LogLevel.Information }));
            Assert.That(some.Lines.All[0].Text, Does.Contain(expected).And.Not.Contains("alice"));
            Assert.That(advices, Is.EqualTo(level == LogLevel.Error ? 1 : 0));
        });
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Waits_as_long_as_the_backend_asks(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var time = new ManualTime();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol), time);
        receiver.Answer(protocol == "http" ? OtlpAnswer.Status(429, retryAfter: "37") : OtlpAnswer.Grpc(8, "", TimeSpan.FromSeconds(37)));

        var delivery = some.DeliverAsync(1);
        await some.Lines.WaitAsync("Cannot deliver");
        await Until(() => time.ActiveTimers == 1);
        time.Advance(TimeSpan.FromSeconds(36.9));
        var waitsStill = time.ActiveTimers == 1 && receiver.Requests.Count == 1;
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That(await delivery, Is.EqualTo(new DeliveryResult(1, 0, 0)));
        Assert.That(waitsStill, Is.True);
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Gives_up_an_attempt_that_takes_too_long(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var time = new ManualTime();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol), time);
        receiver.Answer(OtlpAnswer.Hang);

        var delivery = some.DeliverAsync(5);
        await receiver.WaitForRequestsAsync(1);
        time.Advance(TimeSpan.FromSeconds(20));
        await some.Lines.WaitAsync("none within 20 s");
        // A pause under a millisecond, as one in fifty is by its jitter, waits for no timer.
        await Until(() => time.ActiveTimers == 1 || delivery.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Multiple(async () =>
        {
            Assert.That(await delivery, Is.EqualTo(new DeliveryResult(5, 0, 0)));
            Assert.That(receiver.Requests, Has.Count.EqualTo(2));
            Assert.That(some.Counts["tailscale2otel.export.failures timeout logs"], Is.EqualTo(1));
        });
    }

    [TestCaseSource(nameof(Protocols))]
    public async Task Delivers_when_a_backend_that_was_down_comes_up(string protocol)
    {
        OtlpOptions options;
        OtlpReceiverSettings settings;
        await using (var gone = await OtlpReceiver.StartAsync())
        {
            options = OtlpSome.Options(gone, protocol);
            settings = new OtlpReceiverSettings { HttpPort = gone.HttpEndpoint.Port, GrpcPort = gone.GrpcEndpoint.Port };
        }

        using var some = new OtlpSome(options);
        var delivery = some.DeliverAsync(10);
        await some.Lines.WaitAsync("Cannot deliver");
        await using var receiver = await OtlpReceiver.StartAsync(settings);

        Assert.That(await delivery, Is.EqualTo(new DeliveryResult(10, 0, 0)));
        Assert.That(OtlpSome.Numbers(receiver.LogRecords), Is.EqualTo(Enumerable.Range(0, 10)));
        await some.Lines.WaitAsync("again after");
    }

    [Test]
    public async Task Ends_with_the_cancellation_and_neither_logs_nor_counts_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));
        using var stop = new CancellationTokenSource();
        receiver.Answer(OtlpAnswer.Hang);

        var delivery = some.DeliverAsync(1, stop.Token);
        await receiver.WaitForRequestsAsync(1);
        await stop.CancelAsync();

        Assert.Multiple(() =>
        {
            Assert.That(async () => await delivery, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(some.Lines.All, Is.Empty);
            Assert.That(some.Counts["tailscale2otel.export.failures canceled logs"], Is.Zero);
        });
    }

    [Test]
    public async Task Divides_what_is_over_the_request_limit_before_sending()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver);
        options.MaxRequestSize = 1500;
        using var some = new OtlpSome(options);
        using var batch = some.Batch(100);
        batch.Begin(new LogHeader(new SpoolPosition(99_999), new Utf8Name("e"), LogSeverity.Info, 0, 0));
        batch.Body(new byte[3000]);
        batch.End();

        var result = await some.Exporter.DeliverAsync(batch, some.Refuse, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(100, 1, 0)));
            Assert.That(receiver.Requests.Select(r => r.MessageBytes), Is.All.LessThanOrEqualTo(1500));
            Assert.That(OtlpSome.Numbers(receiver.LogRecords), Is.EqualTo(Enumerable.Range(0, 100)));
            Assert.That(some.Refused.Single(), Is.EqualTo(new RefusedRecord(new SpoolPosition(99_999), 413, "The record is over otlp.max_request_size.")));
        });
    }

    [Test]
    public async Task Delivers_in_smaller_requests_what_the_backend_refuses_by_its_head()
    {
        const int Limit = 250_000;
        await using var backend = new HastyBackend(length => length > Limit ? 413 : 200);
        using var some = new OtlpSome(new OtlpOptions { Endpoint = backend.Endpoint.ToString(), Timeout = TimeSpan.FromSeconds(20) });

        var result = await some.DeliverAsync(30_000);

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new DeliveryResult(30_000, 0, 0)));
            Assert.That(backend.Lengths.Count(l => l > Limit), Is.EqualTo(15), "each size once");
            Assert.That(some.Refused, Is.Empty);
        });
    }

    [Test]
    public async Task Divides_also_for_a_backend_that_refuses_empty_requests_when_it_took_records_lately()
    {
        // A resource without records is shorter than one with a record.
        const int Empty = 100;
        const int Limit = 250_000;
        await using var backend = new HastyBackend(length => length < Empty ? 400 : length > Limit ? 413 : 200);
        using var some = new OtlpSome(new OtlpOptions { Endpoint = backend.Endpoint.ToString(), Timeout = TimeSpan.FromSeconds(20) });
        Assert.That(await some.DeliverAsync(1), Is.EqualTo(new DeliveryResult(1, 0, 0)));

        var result = await some.DeliverAsync(30_000);

        Assert.That(result, Is.EqualTo(new DeliveryResult(30_000, 0, 0)));
        Assert.That(backend.Lengths, Has.Some.LessThan(Empty), "it was asked");
        Assert.That(some.Refused, Is.Empty);
    }

    [Test]
    public async Task Delivers_several_batches_at_once([Values("http", "grpc")] string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver, protocol, "zstd"));
        var release = new TaskCompletionSource();
        receiver.Decide = _ => OtlpAnswer.After(release.Task);

        var deliveries = Enumerable.Range(0, 4).Select(_ => some.DeliverAsync(2000)).ToArray();
        await receiver.WaitForRequestsAsync(4);
        release.SetResult();

        Assert.That((await Task.WhenAll(deliveries)).Select(d => d.Accepted), Is.All.EqualTo(2000));
        Assert.That(receiver.LogRecords, Has.Count.EqualTo(8000));
    }

    [Test]
    public async Task Sends_nothing_for_an_empty_batch()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));

        Assert.That(await some.DeliverAsync(0), Is.EqualTo(default(DeliveryResult)));
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task Reads_no_more_of_an_answer_than_it_needs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));
        receiver.Answer(OtlpAnswer.Status(400) with { Body = [.. Enumerable.Repeat((byte)'x', 10_000_000)] });

        await some.DeliverAsync(1);

        Assert.That(some.Refused.Single().Message, Has.Length.LessThanOrEqualTo(1024));
    }

    [Test]
    public async Task Ends_when_the_dead_letter_cannot_be_written()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var some = new OtlpSome(OtlpSome.Options(receiver));
        using var batch = some.Batch(1);
        receiver.Answer(OtlpAnswer.Status(400));

        Assert.That(
            async () => await some.Exporter.DeliverAsync(batch, _ => throw new IOException("disk full"), CancellationToken.None),
            Throws.TypeOf<IOException>());
    }

    static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
