using System.Net.Http.Headers;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>OTLP/HTTP with binary protobuf.</summary>
sealed class OtlpHttpClient(OtlpTarget target, HttpMessageHandler handler, TimeProvider time) : OtlpClient(target, handler, time)
{
    const string WebPage = "text/html";

    static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    protected override Uri RequestUri => Target.Endpoint;

    protected override void Prepare(HttpRequestMessage request, HttpContent content)
    {
        content.Headers.ContentType = Protobuf;
        if (Target.Compression != OtlpChoice.None)
            content.Headers.ContentEncoding.Add(Target.Compression);
    }

    protected override async Task<OtlpReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var isProtobuf = response.Content.Headers.ContentType?.MediaType == Protobuf.MediaType;
        if (!response.IsSuccessStatusCode)
        {
            var body = await BodyOrNothingAsync(response, cancellation);
            return HttpFailure(response, isProtobuf ? ResponseReader.Status(body).Message : ResponseReader.Words(body));
        }

        // Who answers a request with a page, such as a network's sign-in, has taken nothing.
        if (response.Content.Headers.ContentType?.MediaType == WebPage)
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer is a web page: does a proxy or a sign-in page answer in the backend's place?");

        var (rejected, message) = ResponseReader.PartialSuccess(await BodyAsync(response, toItsEnd: false, cancellation));
        return new OtlpReply
        {
            Decision = OtlpDecision.Accepted,
            Status = (int)response.StatusCode,
            ErrorType = rejected > 0 ? "partial_success" : "",
            Rejected = rejected,
            Message = message,
        };
    }

    /// <summary>The status of a refusal is known; a connection that breaks while its words come must not hide it.</summary>
    static async Task<byte[]> BodyOrNothingAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await BodyAsync(response, toItsEnd: false, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }
}
