namespace Tailscale2Otel.Ingest;

/// <summary>Ends a request whose body was not read to its end: the sender is to see the answer and not a reset.</summary>
static class UnreadBody
{
    /// <summary>What is still read from the sender after the answer.</summary>
    const int LingerBytes = 4 * 1024 * 1024;

    static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    /// <summary>Answers, and closes the connection: the rest would be swallowed in vain.</summary>
    /// <param name="answer">Writes the answer; not called when there is nobody to get it.</param>
    public static async ValueTask RefuseAsync(HttpContext context, BodyOutcome outcome, TimeProvider time, Func<HttpContext, BodyOutcome, ValueTask> answer)
    {
        if (outcome == BodyOutcome.Gone)
        {
            context.Abort();
            return;
        }

        BodyReceiver.LiftServerLimit(context);
        var isHttp1 = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (isHttp1)
            context.Response.Headers.Connection = "close";
        await answer(context, outcome);
        // In HTTP/2 the end of the answer would go out together with a reset of the stream, which curl takes for a failure.
        if (isHttp1)
            await context.Response.CompleteAsync();
        if (outcome is not (BodyOutcome.Late or BodyOutcome.Misframed) && !await HasLingeredAsync(context, time) && isHttp1)
            context.Abort();
    }

    /// <summary>
    /// Closing a socket that has unread data resets it, and the answer with it. A sender that sees the answer stops; one that does
    /// not is cut off after a bound.
    /// </summary>
    static async ValueTask<bool> HasLingeredAsync(HttpContext context, TimeProvider time)
    {
        using var late = new CancellationTokenSource(LingerTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            for (var left = (long)LingerBytes; left > 0;)
            {
                var read = await context.Request.BodyReader.ReadAsync(either.Token);
                left -= read.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return true;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Too slow, too much, or gone: the answer is on its way, and that is all that is owed. (Kestrel's refusals are IOExceptions.)
        }

        return false;
    }
}
