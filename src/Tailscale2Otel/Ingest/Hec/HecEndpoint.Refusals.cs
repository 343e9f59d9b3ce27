namespace Tailscale2Otel.Ingest.Hec;

/// <content>Acknowledgements, and what is said to those who are turned away.</content>
sealed partial class HecEndpoint
{
    /// <summary>What is still read from a sender after its body was refused, so that it sees the answer and not a reset.</summary>
    const int LingerBytes = 4 * 1024 * 1024;

    static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    async ValueTask AnswerAcksAsync(HttpContext context)
    {
        if (_acks is null)
        {
            await RefuseAsync(context, HecReply.AckDisabled);
            return;
        }

        if (!TryGetChannel(context.Request, out var channel, out var refusal))
        {
            await RefuseAsync(context, refusal);
            return;
        }

        using var wire = new BodyBuffer(_bodies.Budget, _limits.BodyBytes);
        using var content = new BodyBuffer(_bodies.Budget, _limits.BodyBytes);
        if (!_bodies.TryGetEncoding(context.Request.Headers.ContentEncoding.ToString().Trim(), out var encoding, out var outcome)
            || (outcome = await _bodies.ReceiveAsync(context, wire)) != BodyOutcome.Read
            || (encoding != BodyEncoding.Identity && (outcome = HecBodyReader.Decompress(wire, encoding, content)) != BodyOutcome.Read))
        {
            await RefuseBodyAsync(context, outcome);
            return;
        }

        var body = encoding == BodyEncoding.Identity ? wire : content;
        List<long> ids = [];
        if (body.Length == 0)
            await RefuseAsync(context, HecReply.NoData);
        else if (!AckRequestReader.TryRead(body.Bytes, ids))
            await RefuseAsync(context, HecReply.InvalidData);
        else
            await HecAnswer.WriteAcksAsync(context, Take(_acks, channel, ids));
    }

    Dictionary<long, bool> Take(HecAcks acks, Guid channel, List<long> ids)
    {
        var delivered = _intake.Delivered;
        var result = new Dictionary<long, bool>(ids.Count);
        foreach (var id in ids)
        {
            // A number that is asked for twice in one request has one answer.
            if (!result.ContainsKey(id))
                result.Add(id, acks.Take(channel, id, delivered));
        }

        return result;
    }

    /// <summary>The header wins over the query.</summary>
    static bool TryGetChannel(HttpRequest request, out Guid channel, out HecReply refusal)
    {
        string? text = request.Headers["X-Splunk-Request-Channel"];
        if (string.IsNullOrEmpty(text))
            text = request.Query["channel"];
        refusal = string.IsNullOrEmpty(text) ? HecReply.ChannelMissing : HecReply.ChannelInvalid;
        return Guid.TryParse(text, out channel);
    }

    ValueTask RefuseAsync(HttpContext context, HecReply reply, int eventNumber = -1)
    {
        if (reply.IsRefusal)
        {
            _metrics.Rejected(reply.Reason);
            _refusals.Write(reply, eventNumber);
        }

        return HecAnswer.WriteAsync(context, reply, eventNumber);
    }

    /// <summary>Answers a body that was not read to its end, and closes the connection: the rest would be swallowed in vain.</summary>
    async ValueTask RefuseBodyAsync(HttpContext context, BodyOutcome outcome)
    {
        if (outcome == BodyOutcome.Gone)
        {
            context.Abort();
            return;
        }

        var isHttp1 = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (isHttp1)
            context.Response.Headers.Connection = "close";
        await RefuseAsync(context, Reply(outcome));
        // In HTTP/2 the end of the answer would go out together with a reset of the stream, which curl takes for a failure.
        if (isHttp1)
            await context.Response.CompleteAsync();
        if (outcome != BodyOutcome.Late && !await HasLingeredAsync(context) && isHttp1)
            context.Abort();
    }

    /// <summary>
    /// Closing a socket that has unread data resets it, and the answer with it. A sender that sees the answer stops; one that does
    /// not is cut off after a bound.
    /// </summary>
    async ValueTask<bool> HasLingeredAsync(HttpContext context)
    {
        using var late = new CancellationTokenSource(LingerTime, _time);
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

    static HecReply Reply(BodyOutcome outcome) => outcome switch
    {
        BodyOutcome.TooLarge => HecReply.TooLarge,
        BodyOutcome.Busy => HecReply.Overloaded,
        BodyOutcome.Corrupt => HecReply.InvalidData,
        BodyOutcome.Late => HecReply.Timeout,
        BodyOutcome.UnknownEncoding => HecReply.UnknownEncoding,
        BodyOutcome.ZstdMissing => HecReply.ZstdMissing,
        _ => HecReply.InternalError,
    };

    static HecReply Reply(HecFault fault) => fault switch
    {
        HecFault.NoData => HecReply.NoData,
        HecFault.EventRequired => HecReply.EventRequired,
        HecFault.EventBlank => HecReply.EventBlank,
        HecFault.IndexedFields => HecReply.IndexedFields,
        HecFault.TooManyRecords => HecReply.TooManyRecords,
        HecFault.TooManyConnections => HecReply.TooManyConnections,
        HecFault.TooLarge => HecReply.TooLarge,
        _ => HecReply.InvalidData,
    };
}
