namespace Tailscale2Otel.Ingest.Hec;

/// <content>Acknowledgements, and what is said to those who are turned away.</content>
sealed partial class HecEndpoint
{
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
            // A sender's mistake and a full spool are both the operator's to mend.
            if (_refusals.TryTell(reply.Reason, out var untold))
                Log.Refused(_logger, reply.Status, reply.Code, reply.Text, eventNumber < 0 ? "" : $", event {eventNumber}", reply.Advice, untold);
        }

        return HecAnswer.WriteAsync(context, reply, eventNumber);
    }

    ValueTask RefuseBodyAsync(HttpContext context, BodyOutcome outcome) =>
        UnreadBody.RefuseAsync(context, outcome, _time, (to, why) => RefuseAsync(to, Reply(why)));

    static HecReply Reply(BodyOutcome outcome) => outcome switch
    {
        BodyOutcome.TooLarge => HecReply.TooLarge,
        BodyOutcome.Busy => HecReply.Overloaded,
        BodyOutcome.Corrupt => HecReply.InvalidData,
        BodyOutcome.Late => HecReply.Timeout,
        BodyOutcome.Misframed => HecReply.Misframed,
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

    static HecReply? Reply(OpenAccessVerdict verdict) => verdict switch
    {
        OpenAccessVerdict.Open => null,
        OpenAccessVerdict.Closed => HecReply.Forbidden,
        _ => HecReply.CrossSite,
    };

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Refused a stream request with {Status}/{Code} ({Text}{Place}): {Advice}; {Untold} more like it were not logged")]
        public static partial void Refused(ILogger logger, int status, int code, string text, string place, string advice, int untold);
    }
}
