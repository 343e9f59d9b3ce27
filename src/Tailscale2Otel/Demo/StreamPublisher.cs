using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>
/// Posts batches as Tailscale's log streaming was captured doing it: HTTP/1.1, Basic authentication with the token as password,
/// a chunked body without a content type. Delivers at least once: what is not answered is sent again. One batch at a time.
/// </summary>
/// <param name="user">As it is configured; without one too, authentication is Basic here.</param>
sealed class StreamPublisher(HttpClient http, Uri url, Secret token, TimeProvider time, string user = StreamPublisher.User)
{
    const string User = "tailscale";

    readonly AuthenticationHeaderValue _authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token.Reveal()}")));
    readonly RetryingSender _sender = new(http, time);

    /// <summary>Whole at any time; may be read from another thread.</summary>
    public PublisherCounts Counts => _sender.Counts;

    /// <summary>Ends when the batch was acknowledged or refused for good.</summary>
    /// <param name="repeated">The batch was acknowledged before and is sent again on purpose.</param>
    /// <exception cref="OperationCanceledException">Cancelled: whether the batch arrived is not known.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> body, int records, StreamEncoding encoding, bool repeated, CancellationToken cancellation) =>
        _sender.SendAsync(() => Request(body, encoding), records, repeated, cancellation);

    HttpRequestMessage Request(ReadOnlyMemory<byte> body, StreamEncoding encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PublishedContent(body, encoding),
        };
        request.Headers.UserAgent.ParseAdd("TailscaleLogStreamPublisher");
        request.Headers.Authorization = _authorization;
        request.Headers.TransferEncodingChunked = true;
        return request;
    }
}
