using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Polly;
using Polly.Retry;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>
/// Posts batches as Tailscale's log streaming was captured doing it: HTTP/1.1, Basic authentication with the token as password,
/// a chunked body without a content type. Delivers at least once: what is not answered is sent again. One batch at a time.
/// </summary>
sealed class StreamPublisher
{
    const string User = "tailscale";
    const int MaxAnswer = 200;

    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    readonly HttpClient _http;
    readonly Uri _url;
    readonly AuthenticationHeaderValue _authorization;
    readonly ResiliencePipeline<HttpResponseMessage> _retry;
    volatile PublisherCounts _counts = PublisherCounts.None;
    int _attemptRecords;

    public StreamPublisher(HttpClient http, Uri url, Secret token, TimeProvider time)
    {
        _http = http;
        _url = url;
        _authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{token.Reveal()}")));
        _retry = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = MaxDelay,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnotherTry(arguments.Outcome, arguments.Context.CancellationToken)),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Headers.RetryAfter?.Delta),
                OnRetry = arguments =>
                {
                    Retried(answered: arguments.Outcome.Result is not null);
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Whole at any time; may be read from another thread.</summary>
    public PublisherCounts Counts => _counts;

    /// <summary>Ends when the batch was acknowledged or refused for good.</summary>
    /// <param name="repeated">The batch was acknowledged before and is sent again on purpose.</param>
    /// <exception cref="OperationCanceledException">Cancelled: whether the batch arrived is not known.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> body, int records, StreamEncoding encoding, bool repeated, CancellationToken cancellation)
    {
        _attemptRecords = records;
        using var response = await _retry.ExecuteAsync(
            async (publisher, token) => await publisher.Self.PostAsync(publisher.Body, publisher.Encoding, token),
            (Self: this, Body: body, Encoding: encoding),
            cancellation);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            _counts = _counts with
            {
                Records = _counts.Records + records,
                Repeated = _counts.Repeated + (repeated ? records : 0),
                Requests = _counts.Requests + 1,
            };
            return;
        }

        _counts = _counts with
        {
            Refused = _counts.Refused + records,
            Problem = $"the receiver answered {(int)response.StatusCode}: {await AnswerAsync(response, cancellation)}",
        };
    }

    async Task<HttpResponseMessage> PostAsync(ReadOnlyMemory<byte> body, StreamEncoding encoding, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PublishedContent(body, encoding),
        };
        request.Headers.UserAgent.ParseAdd("TailscaleLogStreamPublisher");
        request.Headers.Authorization = _authorization;
        request.Headers.TransferEncodingChunked = true;
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    static bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome, CancellationToken cancellation) => outcome switch
    {
        { Exception: HttpRequestException or IOException } => true,
        // The client's own time limit, not the caller's wish.
        { Exception: OperationCanceledException } => !cancellation.IsCancellationRequested,
        { Result: { } response } => response.StatusCode == HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500,
        _ => false,
    };

    void Retried(bool answered) => _counts = _counts with
    {
        Retries = _counts.Retries + 1,
        Unanswered = _counts.Unanswered + (answered ? 0 : _attemptRecords),
    };

    static async Task<string> AnswerAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[MaxAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
