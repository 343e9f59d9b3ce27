using System.Net;
using System.Text;
using Polly;
using Polly.Retry;

namespace Tailscale2Otel.Demo;

/// <summary>Posts until there is an answer that stands: what is not answered is sent again. One request at a time.</summary>
sealed class RetryingSender
{
    const int MaxAnswer = 200;

    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    readonly HttpClient _http;
    readonly ResiliencePipeline<HttpResponseMessage> _retry;
    volatile PublisherCounts _counts = PublisherCounts.None;
    int _attemptRecords;

    public RetryingSender(HttpClient http, TimeProvider time)
    {
        _http = http;
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

    /// <summary>Ends when the request was acknowledged or refused for good.</summary>
    /// <param name="create">Makes the request, for each attempt anew.</param>
    /// <param name="repeated">The records were acknowledged before and are sent again on purpose.</param>
    /// <exception cref="OperationCanceledException">Cancelled: whether the request arrived is not known.</exception>
    public async Task SendAsync(Func<HttpRequestMessage> create, int records, bool repeated, CancellationToken cancellation)
    {
        _attemptRecords = records;
        using var response = await _retry.ExecuteAsync(
            async (sender, token) =>
            {
                using var request = sender.Create();
                return await sender.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            },
            (Http: _http, Create: create),
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
