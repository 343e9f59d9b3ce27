using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>Posts signed deliveries as Tailscale was captured doing it. One at a time; what is not answered is sent again.</summary>
sealed class WebhookPublisher(HttpClient http, Uri url, Secret secret, TimeProvider time)
{
    readonly RetryingSender _sender = new(http, time);

    /// <summary>Whole at any time; may be read from another thread.</summary>
    public PublisherCounts Counts => _sender.Counts;

    /// <summary>Ends when the delivery was acknowledged or refused for good.</summary>
    /// <param name="body">A JSON array of so many events.</param>
    /// <param name="signedAt">The time in the signature: that of the first attempt, also when it is sent again.</param>
    /// <param name="repeated">The delivery was acknowledged before and is sent again on purpose.</param>
    /// <exception cref="OperationCanceledException">Cancelled: whether the delivery arrived is not known.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> body, int events, DateTimeOffset signedAt, bool repeated, CancellationToken cancellation) =>
        _sender.SendAsync(() => Request(body, signedAt), events, repeated, cancellation);

    HttpRequestMessage Request(ReadOnlyMemory<byte> body, DateTimeOffset signedAt)
    {
        var t = signedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = new byte[WebhookSignature.MacBytes];
        WebhookMac.Compute(secret, t, body.Span, mac);
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.ParseAdd("Go-http-client/1.1");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        request.Headers.TryAddWithoutValidation(WebhookSignature.HeaderName, $"t={t},v1={Convert.ToHexStringLower(mac)}");
        return request;
    }
}
