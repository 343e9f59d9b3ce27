using System.Buffers;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Sends requests of one signal to one backend and says what became of each. Safe for concurrent use.</summary>
abstract class OtlpClient : IDisposable
{
    /// <summary>Most bytes of an answer that are looked at.</summary>
    const int MaxResponse = 64 * 1024;

    static readonly string UserAgent = $"{ProductInfo.Name}/{ProductInfo.Version}";

    readonly HttpMessageInvoker _http;
    readonly OtlpSecrets _secrets;

    protected OtlpClient(OtlpTarget target, HttpMessageHandler handler, TimeProvider time)
    {
        Target = target;
        Time = time;
        _http = new HttpMessageInvoker(handler);
        _secrets = new OtlpSecrets(target);
    }

    public OtlpTarget Target { get; }

    protected TimeProvider Time { get; }

    /// <exception cref="InvalidOperationException">A certificate file cannot be used; the message names it.</exception>
    public static OtlpClient Create(OtlpTarget target, TimeProvider time)
    {
        var handler = OtlpHandler.Create(target.Tls, target.Timeout);
        return target.Protocol == OtlpChoice.Grpc ? new OtlpGrpcClient(target, handler, time) : new OtlpHttpClient(target, handler, time);
    }

    /// <summary>One attempt. Ends only when the body's memory is free again.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, by the caller or by its time limit.</exception>
    public async Task<OtlpReply> SendAsync(OtlpRequestBody body, CancellationToken cancellation)
    {
        using var content = new OtlpContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, RequestUri) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in Target.Headers)
            request.Headers.TryAddWithoutValidation(name, value.Reveal());
        Prepare(request, content);

        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var reply = await ReadAsync(response, cancellation);
            return reply with { Message = _secrets.Hide(reply.Message), Bytes = body.Length };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            return NoAnswer(e, content.IsHalfSent) with { Bytes = body.Length };
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The handler's own limit on connecting ends like this; nobody cancelled.
            return NoAnswer(new TimeoutException("The connection could not be made in time.", e), content.IsHalfSent) with { Bytes = body.Length };
        }
        finally
        {
            await content.WrittenAsync();
            body.IsHalfSent = content.IsHalfSent;
        }
    }

    public void Dispose() => _http.Dispose();

    OtlpReply NoAnswer(Exception e, bool isHalfSent) => new()
    {
        Decision = OtlpRetry.NoAnswer(e, isHalfSent),
        Status = -1,
        ErrorType = OtlpRetry.ErrorType(e),
        Cause = (e as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown,
        Message = _secrets.Hide(Wire.ResponseReader.Words(e.InnerException is null ? e.Message : $"{e.Message} ({e.InnerException.Message})")),
    };

    protected abstract Uri RequestUri { get; }

    protected abstract void Prepare(HttpRequestMessage request, HttpContent content);

    protected abstract Task<OtlpReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation);

    /// <summary>The first 64 KiB of the answer's body.</summary>
    /// <param name="toItsEnd">Read on and throw the rest away: HTTP/2 trailers are there only behind the end of the body.</param>
    protected static async Task<byte[]> BodyAsync(HttpResponseMessage response, bool toItsEnd, CancellationToken cancellation)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxResponse);
        try
        {
            var length = 0;
            int read;
            do
            {
                read = await stream.ReadAsync(buffer.AsMemory(length, MaxResponse - length), cancellation);
                length += read;
            }
            while (read > 0 && length < MaxResponse);

            var kept = buffer.AsSpan(0, length).ToArray();
            while (toItsEnd && read > 0)
                read = await stream.ReadAsync(buffer.AsMemory(0, MaxResponse), cancellation);
            return kept;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An HTTP status that is not success, on either transport: a proxy may answer a gRPC request like this.</summary>
    protected OtlpReply HttpFailure(HttpResponseMessage response, string message)
    {
        var status = (int)response.StatusCode;
        return new OtlpReply
        {
            Decision = OtlpRetry.Http(status),
            Status = status,
            ErrorType = OtlpRetry.HttpErrorType(status),
            Message = message.Length > 0 ? message : Wire.ResponseReader.Words(response.ReasonPhrase ?? ""),
            RetryAfter = OtlpRetry.RetryAfter(response.Headers.RetryAfter, Time.GetUtcNow()),
        };
    }
}
