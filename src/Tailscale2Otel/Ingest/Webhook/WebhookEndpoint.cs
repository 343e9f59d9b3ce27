using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>
/// The receiver. A delivery is read within bounds, its signature is checked before anything looks into it, its events are
/// appended to the spool, and it is answered when the append is durable. Nothing of a delivery that is refused is kept.
/// </summary>
sealed partial class WebhookEndpoint
{
    /// <summary>Bodies in memory at once, all together; more where a single one may be larger.</summary>
    const long BodiesBytes = 64 * 1024 * 1024;

    /// <summary>How long a request waits for its turn before it is told to come again.</summary>
    static readonly TimeSpan TurnWait = TimeSpan.FromMilliseconds(250);

    static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(30);

    readonly WebhookDoors _doors;
    readonly WebhookKeeper _keeper;
    readonly WebhookMetrics _metrics;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly RefusalLog _refusals;
    readonly int _bodyLimit;
    readonly BodyBudget _budget;
    readonly BodyReceiver _bodies;
    readonly SemaphoreSlim? _turns;
    readonly bool _isLoopback;

    /// <param name="options">Validated.</param>
    public WebhookEndpoint(
        WebhookOptions options, IReadOnlyList<WebhookDoor> doors, WebhookKeeper keeper, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookEndpoint> logger)
    {
        _doors = new WebhookDoors(doors);
        _keeper = keeper;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _refusals = new RefusalLog(time);
        _bodyLimit = options.BodyLimit;
        _budget = new BodyBudget(Math.Max(BodiesBytes, 4L * _bodyLimit));
        _bodies = new BodyReceiver(_bodyLimit, ReceiveTimeout, time);
        _turns = options.RequestLimit < 0 ? null : new SemaphoreSlim(options.RequestLimit);
        _isLoopback = ListenAddress.TryParse(options.Listen, out var address) && address.IsLoopback;
    }

    /// <summary>Takes every request that gets here.</summary>
    public void Map(IApplicationBuilder app) => app.Run(HandleAsync);

    public async Task HandleAsync(HttpContext context)
    {
        var started = _time.GetTimestamp();
        _metrics.Begin();
        try
        {
            var doors = _doors.At(context.Request.Path.Value ?? "");
            if (Check(context.Request, doors) is { } refusal)
                await RefuseAsync(context, refusal);
            else
                await TakeAsync(context, doors);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender left; it will come again.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log.Failed(_logger, e);
            await RefuseAsync(context, WebhookReply.InternalError);
        }
        finally
        {
            _metrics.End(_time.GetElapsedTime(started));
        }
    }

    /// <summary>What can be said without the body; null when it is to be read.</summary>
    WebhookReply? Check(HttpRequest request, IReadOnlyList<WebhookDoor> doors)
    {
        if (doors.Count == 0)
            return WebhookReply.NotFound;
        if (!HttpMethods.IsPost(request.Method))
            return WebhookReply.MethodNotAllowed;
        if (!HaveSecrets(doors) && WebhookReply.Of(OpenAccess.Check(request, _isLoopback)) is { } open)
            return open;
        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return WebhookReply.Encoding;
        return WebhookReply.Of(_keeper.State);
    }

    async ValueTask TakeAsync(HttpContext context, IReadOnlyList<WebhookDoor> doors)
    {
        using var body = new BodyBuffer(_budget, _bodyLimit);
        var outcome = await _bodies.ReceiveAsync(context, body);
        if (outcome != BodyOutcome.Read)
        {
            await UnreadBody.RefuseAsync(context, outcome, _time, (to, why) => RefuseAsync(to, WebhookReply.Of(why)));
            return;
        }

        if (_turns is not null && !await _turns.WaitAsync(TurnWait, context.RequestAborted))
        {
            await RefuseAsync(context, WebhookReply.Overloaded);
            return;
        }

        try
        {
            var refusal = await KeepAsync(context.Request, doors, body);
            await (refusal is null ? WebhookAnswer.AcceptAsync(context) : RefuseAsync(context, refusal));
        }
        finally
        {
            _turns?.Release();
        }
    }

    /// <summary>Null when the events are durable.</summary>
    async ValueTask<WebhookReply?> KeepAsync(HttpRequest request, IReadOnlyList<WebhookDoor> doors, BodyBuffer body)
    {
        var (door, verdict) = HaveSecrets(doors) ? WebhookDoors.Choose(doors, request.Headers[WebhookSignature.HeaderName].ToString(), body.Bytes) : (doors[0], default);
        if (WebhookReply.Of(verdict.Fault) is { } unsigned)
            return unsigned;

        var events = new List<Range>();
        if (WebhookReply.Of(WebhookBatchReader.Read(body.Bytes, events)) is { } misshapen)
            return misshapen;

        var refusal = WebhookReply.Of(await _keeper.KeepAsync(door.Tailnet, body.Memory, events, verdict.SignedAt, _budget));
        if (refusal is null && verdict.IsStale)
            _metrics.Stale();
        return refusal;
    }

    ValueTask RefuseAsync(HttpContext context, WebhookReply reply)
    {
        _metrics.Rejected(reply.Reason);
        if (_refusals.TryTell(reply.Reason, out var untold))
            Log.Refused(_logger, reply.Status, reply.Reason, reply.Advice, untold);
        return WebhookAnswer.RefuseAsync(context, reply);
    }

    /// <summary>A configuration with several doors has a secret for each.</summary>
    static bool HaveSecrets(IReadOnlyList<WebhookDoor> doors) => doors[0].Verifier.HasSecrets;

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Refused a webhook request with {Status} ({Reason}): {Advice}; {Untold} more like it were not logged")]
        public static partial void Refused(ILogger logger, int status, string reason, string advice, int untold);

        [LoggerMessage(2, LogLevel.Error, "A webhook request failed inside the daemon; the sender was told to come again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
