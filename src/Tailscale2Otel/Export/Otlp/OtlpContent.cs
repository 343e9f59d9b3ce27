using System.Net;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// A request's bytes as HTTP content, without a copy. Over HTTP/2 an answer, or a cancellation, can come while the body is
/// still being written, so whoever gives the memory back must wait for <see cref="WrittenAsync"/> first.
/// </summary>
sealed class OtlpContent(OtlpRequestBody body) : HttpContent
{
    readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _started;
    bool _ended;

    /// <summary>Ends when the body's memory is not read any more. Call it after the request has ended, in whatever way.</summary>
    public Task WrittenAsync() => Volatile.Read(ref _started) ? _written.Task : Task.CompletedTask;

    /// <summary>Writing it has begun and has not come to its end.</summary>
    public bool IsHalfSent => Volatile.Read(ref _started) && !Volatile.Read(ref _ended);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _started, true);
        Volatile.Write(ref _ended, false);
        try
        {
            await stream.WriteAsync(body.Head, cancellationToken);
            if (!body.Rest.IsEmpty)
                await stream.WriteAsync(body.Rest, cancellationToken);
            Volatile.Write(ref _ended, true);
        }
        finally
        {
            _written.TrySetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
