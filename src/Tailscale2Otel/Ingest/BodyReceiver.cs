using Microsoft.AspNetCore.Http.Features;

namespace Tailscale2Otel.Ingest;

/// <summary>Gets a request's body as it is on the wire, bounded in size and time.</summary>
/// <param name="limit">Bytes of one body.</param>
/// <param name="timeout">From the headers to the end of the body.</param>
sealed class BodyReceiver(int limit, TimeSpan timeout, TimeProvider time)
{
    /// <summary>A sender that left is known a moment after its body has ended too early.</summary>
    static readonly TimeSpan LeaveTime = TimeSpan.FromMilliseconds(250);

    /// <summary>The bounds are kept here, where the connection is closed after a refusal; the server's own would cut the answer off.</summary>
    public static void LiftServerLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    public async ValueTask<BodyOutcome> ReceiveAsync(HttpContext context, BodyBuffer body)
    {
        LiftServerLimit(context);
        if (context.Request.ContentLength > limit)
            return BodyOutcome.TooLarge;

        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(either.Token);
                var outcome = body.Append(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (outcome != BodyOutcome.Read || read.IsCompleted)
                    return outcome;
            }
        }
        catch (OperationCanceledException)
        {
            return late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested ? BodyOutcome.Late : BodyOutcome.Gone;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => BodyOutcome.TooLarge,
                StatusCodes.Status408RequestTimeout => BodyOutcome.Late,
                StatusCodes.Status400BadRequest when !await HasLeftAsync(context) => BodyOutcome.Misframed,
                _ => BodyOutcome.Gone,
            };
        }
        catch (IOException)
        {
            return BodyOutcome.Gone;
        }
    }

    /// <summary>The server tells a body that ends too early because its sender left as it tells one that is not framed as HTTP says.</summary>
    async ValueTask<bool> HasLeftAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(LeaveTime, time, context.RequestAborted);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
