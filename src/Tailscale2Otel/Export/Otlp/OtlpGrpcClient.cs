using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// OTLP/gRPC: one unary call a request, over HTTP/2 without negotiation when there is no TLS
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
/// </summary>
sealed class OtlpGrpcClient(OtlpTarget target, HttpMessageHandler handler, TimeProvider time) : OtlpClient(target, handler, time)
{
    const int Frame = 5;

    static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    readonly string _timeout = ((long)target.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "m";

    protected override Uri RequestUri { get; } = new(target.Endpoint, target.Signal == OtlpSignal.Logs
        ? "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
        : "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");

    protected override void Prepare(HttpRequestMessage request, HttpContent content)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("grpc-timeout", _timeout);
        if (Target.Compression != OtlpChoice.None)
            request.Headers.TryAddWithoutValidation("grpc-encoding", Target.Compression);
        content.Headers.ContentType = Grpc;
    }

    protected override async Task<OtlpReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await BodyAsync(response, toItsEnd: true, cancellation);
        // An error may come as trailers without a body, which HTTP/2 delivers as headers.
        var status = Value(response.TrailingHeaders, "grpc-status") ?? Value(response.Headers, "grpc-status");
        if (status is null && !response.IsSuccessStatusCode)
            return HttpFailure(response, "");
        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer has no gRPC status: is this address a gRPC endpoint?");
        if (code != 0)
            return Failure(response, code);

        // A message that says it is compressed was not asked for; the status alone is what counts.
        var message = body.Length > Frame && body[0] == 0 ? body.AsSpan(Frame) : [];
        var (rejected, words) = ResponseReader.PartialSuccess(message);
        return new OtlpReply
        {
            Decision = OtlpDecision.Accepted,
            Status = 0,
            ErrorType = rejected > 0 ? "partial_success" : "",
            Rejected = rejected,
            Message = words,
        };
    }

    static OtlpReply Failure(HttpResponseMessage response, int code)
    {
        var words = Value(response.TrailingHeaders, "grpc-message") ?? Value(response.Headers, "grpc-message") ?? "";
        var details = Value(response.TrailingHeaders, "grpc-status-details-bin") ?? Value(response.Headers, "grpc-status-details-bin");
        var wait = details is null ? null : ResponseReader.Status(Binary(details)).RetryAfter;
        return new OtlpReply
        {
            Decision = OtlpRetry.Grpc(code, wait is not null),
            Status = code,
            ErrorType = OtlpRetry.GrpcErrorType(code),
            Message = ResponseReader.Words(Uri.UnescapeDataString(words)),
            RetryAfter = wait is null ? null : OtlpRetry.Bounded(wait.Value),
        };
    }

    static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Binary metadata is base64 with or without padding; what is neither counts as empty.</summary>
    static byte[] Binary(string text)
    {
        text = text.TrimEnd('=');
        text = text.PadRight(text.Length + ((4 - (text.Length % 4)) % 4), '=');
        return Base64.IsValid(text) ? Convert.FromBase64String(text) : [];
    }
}
