using Polly;
using Polly.Timeout;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Tailscale;

/// <summary>Requests on the wire: one at a time, up to the head of the answer, without following anything.</summary>
sealed class ApiTransport : IDisposable
{
    static readonly string UserAgent = $"{ProductInfo.Name}/{ProductInfo.Version}";

    readonly HttpMessageInvoker _http;
    readonly TimeProvider _time;
    readonly TimeSpan _timeout;
    readonly ResiliencePipeline _head;

    public ApiTransport(HttpMessageHandler handler, TimeSpan timeout, TimeProvider time)
    {
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
        _time = time;
        _timeout = timeout;
        _head = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(new TimeoutStrategyOptions { Timeout = timeout }).Build();
    }

    /// <summary>Nothing that follows, keeps or adds something by itself: no redirects, cookies, decompression or trace headers.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        // A server behind a name that moves is found again after this long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    };

    /// <summary>The answer's head, or why there is none. Throws only for cancellation.</summary>
    public async Task<(HttpResponseMessage? Response, ApiFault? Fault)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        try
        {
            var response = await _head.ExecuteAsync(
                static (state, token) => new ValueTask<HttpResponseMessage>(state._http.SendAsync(state.request, token)),
                (_http, request),
                cancellation);
            return (response, null);
        }
        catch (TimeoutRejectedException)
        {
            return (null, new ApiFault(ApiFaultKind.TimedOut, 0, $"nothing came for {ApiWords.Seconds(_timeout)} (tailscale.http.timeout)"));
        }
        catch (HttpRequestException e)
        {
            return (null, new ApiFault(ApiFaultKind.NoAnswer, 0, ApiWords.NoAnswer(e.HttpRequestError), WasSent: e.HttpRequestError is HttpRequestError.ResponseEnded));
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (null, new ApiFault(ApiFaultKind.NoAnswer, 0, ApiWords.NoAnswer(HttpRequestError.Unknown)));
        }
    }

    public BoundedBody Open(HttpResponseMessage response, long maxBytes, CancellationToken cancellation) =>
        new(response, maxBytes, _timeout, _time, takesPart: false, cancellation);

    /// <summary>What an answer that is no success says, fit to be shown. The status is known: nothing that happens here hides it.</summary>
    public async Task<string> ErrorAsync(HttpResponseMessage response, ErrorText errors, CancellationToken cancellation)
    {
        using var body = new BoundedBody(response, ErrorText.ReadBytes, _timeout, _time, takesPart: true, cancellation);
        using var bytes = await SmallBody.ReadAsync(body);
        return errors.Clean(bytes.Memory.Span, isCut: body.Fault is not null);
    }

    public void Dispose() => _http.Dispose();
}
