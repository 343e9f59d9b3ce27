using System.Net;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

/// <summary>Single attempts of <see cref="OtlpHttpClient"/> and <see cref="OtlpGrpcClient"/>.</summary>
sealed class OtlpClientTests
{
    [TestCase("http", typeof(OtlpHttpClient))]
    [TestCase("grpc", typeof(OtlpGrpcClient))]
    public void Speaks_the_protocol_of_its_target(string protocol, Type expected)
    {
        using var client = OtlpClient.Create(OtlpTarget.Resolve(new OtlpOptions { Protocol = protocol }, OtlpSignal.Logs)!, TimeProvider.System);

        Assert.That(client, Is.TypeOf(expected));
    }

    [Test]
    public async Task Does_not_take_its_credentials_along_a_redirect()
    {
        await using var elsewhere = await OtlpReceiver.StartAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer(OtlpAnswer.Status(307) with { Headers = new Dictionary<string, string> { ["Location"] = elsewhere.HttpEndpoint + "v1/logs" } });
        var options = OtlpSome.Options(receiver);
        options.Headers = new Dictionary<string, Secret> { ["Authorization"] = new("Bearer t") };

        var reply = await SendAsync(options);

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.RetryLoudly, 307)));
        Assert.That(elsewhere.Requests, Is.Empty);
    }

    [TestCase("http", 413)]
    [TestCase("grpc", 3)]
    public async Task Brings_the_backends_words(string protocol, int status)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer(protocol == "http" ? OtlpAnswer.Status(status, "größer 100%") : OtlpAnswer.Grpc(status, "größer 100%"));

        var reply = await SendAsync(OtlpSome.Options(receiver, protocol));

        Assert.That((reply.Decision, reply.Status, reply.Message), Is.EqualTo((OtlpDecision.Split, status, "größer 100%")));
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task Does_not_bring_back_the_credentials_that_a_refusal_quotes(string protocol)
    {
        const int Unauthenticated = 16;
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver, protocol);
        options.Headers = new Dictionary<string, Secret> { ["Authorization"] = new("Bearer glc_secret") };
        receiver.Decide = request => protocol == "http"
            ? OtlpAnswer.Status(401, "who is " + request.Headers["authorization"])
            : OtlpAnswer.Grpc(Unauthenticated, "who is " + request.Headers["authorization"]);

        var reply = await SendAsync(options);

        Assert.That((reply.Decision, reply.Message), Is.EqualTo((OtlpDecision.RetryLoudly, "who is ***")));
    }

    [TestCase(200, "Retry")]
    [TestCase(400, "Split")]
    public async Task Knows_a_refusal_whose_words_are_cut_short_but_no_success(int status, string expected)
    {
        var target = OtlpTarget.Resolve(new OtlpOptions(), OtlpSignal.Logs)!;
        using var client = new OtlpHttpClient(target, new CutShort(status), TimeProvider.System);
        using var body = OtlpRequestBody.Create(target, [], default);

        var reply = await client.SendAsync(body, CancellationToken.None);

        Assert.That(reply.Decision.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Tells_the_server_how_long_it_waits()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        await SendAsync(OtlpSome.Options(receiver, "grpc"));

        var headers = receiver.Requests.Single().Headers;
        Assert.That((headers["grpc-timeout"], headers["te"]), Is.EqualTo(("20000m", "trailers")));
    }

    [Test]
    public async Task Says_that_an_address_does_not_speak_gRPC()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver, "grpc");
        options.Endpoint = receiver.HttpEndpoint.ToString();

        var reply = await SendAsync(options);

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.RetryLoudly, -1)), reply.Message);
    }

    [Test]
    public async Task Takes_no_success_of_HTTP_for_one_of_gRPC([Values(200, 201, 202, 204)] int status)
    {
        var target = OtlpTarget.Resolve(new OtlpOptions { Protocol = "grpc" }, OtlpSignal.Logs)!;
        using var client = new OtlpGrpcClient(target, new Says(status), TimeProvider.System);
        using var body = OtlpRequestBody.Create(target, [], default);

        var reply = await client.SendAsync(body, CancellationToken.None);

        Assert.That((reply.Decision, reply.Status), Is.EqualTo((OtlpDecision.RetryLoudly, -1)));
    }

    [Test]
    public async Task Ends_with_a_cancellation_while_the_body_is_under_way([Values("http", "grpc")] string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var stop = new CancellationTokenSource();
        receiver.Answer(OtlpAnswer.Hang);

        var sending = SendAsync(OtlpSome.Options(receiver, protocol), stop.Token);
        await receiver.WaitForRequestsAsync(1);
        await stop.CancelAsync();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Takes_a_connection_that_is_not_made_in_time_for_an_outage_and_not_for_a_cancellation()
    {
        var target = OtlpTarget.Resolve(new OtlpOptions(), OtlpSignal.Logs)!;
        using var client = new OtlpHttpClient(target, new Unconnected(), TimeProvider.System);
        using var body = OtlpRequestBody.Create(target, [], default);

        var reply = await client.SendAsync(body, CancellationToken.None);

        Assert.That((reply.Decision, reply.ErrorType), Is.EqualTo((OtlpDecision.Retry, "timeout")));
    }

    [TestCase(0, "Retry")]
    [TestCase(1, "Ask")]
    [TestCase(2, "Ask")]
    [TestCase(3, "Retry")]
    public async Task Knows_whether_its_request_was_under_way_when_the_connection_broke(int piecesBegun, string expected)
    {
        var target = OtlpTarget.Resolve(new OtlpOptions(), OtlpSignal.Logs)!;
        using var client = new OtlpHttpClient(target, new Breaks(piecesBegun), TimeProvider.System);
        using var body = OtlpRequestBody.Create(target, new byte[1], new byte[1]);

        var reply = await client.SendAsync(body, CancellationToken.None);

        Assert.That((reply.Decision.ToString(), reply.Status, body.IsHalfSent), Is.EqualTo((expected, -1, expected == "Ask")));
    }

    static async Task<OtlpReply> SendAsync(OtlpOptions options, CancellationToken cancellation = default)
    {
        var target = OtlpTarget.Resolve(options, OtlpSignal.Logs)!;
        using var client = OtlpClient.Create(target, TimeProvider.System);
        using var body = OtlpRequestBody.Create(target, [], default);
        return await client.SendAsync(body, cancellation);
    }

    /// <summary>Ends as <see cref="SocketsHttpHandler.ConnectTimeout"/> does.</summary>
    sealed class Unconnected : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new TaskCanceledException("connect", new TimeoutException());
    }

    /// <summary>Answers with a status and nothing else.</summary>
    sealed class Says(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) });
    }

    /// <summary>Answers with a head whose body breaks.</summary>
    sealed class CutShort(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new BrokenStream()) });
    }

    /// <summary>A connection that breaks before a request, at one of its two pieces, or behind them.</summary>
    sealed class Breaks(int piecesBegun) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (piecesBegun > 0)
                await request.Content!.CopyToAsync(new BrokenStream { Writes = piecesBegun - 1 }, cancellationToken);
            throw new HttpRequestException("broken");
        }
    }

    sealed class BrokenStream : MemoryStream
    {
        /// <summary>So many succeed.</summary>
        public int Writes { get; set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Writes-- > 0 ? ValueTask.CompletedTask : throw new IOException("broken");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("cut");
    }
}
