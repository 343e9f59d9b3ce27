using System.Diagnostics.Metrics;
using System.Text.Unicode;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// The receiver. A request is authorized, read within bounds, framed and checked whole, appended to the spool and answered
/// when the append is durable. Nothing of a request that is refused is kept.
/// </summary>
sealed partial class HecEndpoint
{
    const int DefaultRequests = 64;

    /// <summary>How long a request waits for its turn before it is told to come again.</summary>
    static readonly TimeSpan TurnWait = TimeSpan.FromMilliseconds(250);

    readonly Intake _intake;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly HecDoor? _only;
    readonly HecLimits _limits;
    readonly HecRoutes _routes;
    readonly HecAuth _auth;
    readonly HecBodyReader _bodies;
    readonly HecMetrics _metrics;
    readonly RefusalLog _refusals;
    readonly HecAcks? _acks;
    readonly SemaphoreSlim? _turns;
    readonly bool _isLoopback;

    /// <param name="options">Validated.</param>
    /// <param name="tailnet">Whose stream this is when there are no routes; empty when the only tailnet has no name.</param>
    public HecEndpoint(HecOptions options, string tailnet, Intake intake, Meter meter, TimeProvider time, ILogger<HecEndpoint> logger)
    {
        _intake = intake;
        _time = time;
        _logger = logger;
        _limits = HecLimits.From(options);
        var doors = HecDoor.Of(options, tailnet);
        _only = doors.Count == 1 ? doors[0] : null;
        _routes = new HecRoutes(doors);
        _auth = new HecAuth(doors, options.AllowQueryToken);
        _bodies = new HecBodyReader(options, _limits, time);
        _metrics = new HecMetrics(meter);
        _refusals = new RefusalLog(time);
        _acks = options.Ack ? new HecAcks(options, time) : null;
        var requests = options.MaxConcurrentRequests == 0 ? DefaultRequests : options.MaxConcurrentRequests;
        _turns = requests < 0 ? null : new SemaphoreSlim(requests);
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
            await DispatchAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender left; it will come again.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log.Failed(_logger, e);
            await RefuseAsync(context, HecReply.InternalError);
        }
        finally
        {
            _metrics.End(_time.GetElapsedTime(started));
        }
    }

    ValueTask DispatchAsync(HttpContext context)
    {
        var request = context.Request;
        var (route, door) = _routes.Find(request.Path.Value ?? "");
        if (route == HecRoute.None)
            return RefuseAsync(context, HecReply.NotFound);
        if (HttpMethods.IsOptions(request.Method))
        {
            context.Response.Headers.Allow = HecRoutes.Allow(route);
            return ValueTask.CompletedTask;
        }

        if (!HecRoutes.Allows(route, request.Method))
        {
            context.Response.Headers.Allow = HecRoutes.Allow(route);
            return RefuseAsync(context, HecReply.MethodNotAllowed);
        }

        if (route == HecRoute.Health)
            return HecAnswer.WriteAsync(context, Health());
        // Without tokens there is one door: a configuration with routes has a token for each.
        var opened = _only;
        if ((_auth.HasTokens ? _auth.Check(request, door, out opened) : Reply(OpenAccess.Check(request, _isLoopback))) is { } refusal)
            return RefuseAsync(context, refusal);
        return route == HecRoute.Ack ? AnswerAcksAsync(context) : TakeAsync(context, route == HecRoute.Raw, opened!.Tailnet);
    }

    HecReply Health() => _intake.State switch
    {
        IntakeOutcome.Kept => HecReply.Healthy,
        IntakeOutcome.Stopping => HecReply.Stopping,
        _ => HecReply.QueuesFull,
    };

    /// <summary>Events or raw lines.</summary>
    async ValueTask TakeAsync(HttpContext context, bool raw, string tailnet)
    {
        var channel = Guid.Empty;
        if (_acks is not null && !TryGetChannel(context.Request, out channel, out var refusal))
        {
            await RefuseAsync(context, refusal);
            return;
        }

        if (Closed(_intake.State) is { } closed)
        {
            await RefuseAsync(context, closed);
            return;
        }

        using var wire = new BodyBuffer(_bodies.Budget, _limits.BodyBytes);
        if (!_bodies.TryGetEncoding(context.Request.Headers.ContentEncoding.ToString().Trim(), out var encoding, out var outcome)
            || (outcome = await _bodies.ReceiveAsync(context, wire)) != BodyOutcome.Read)
        {
            await RefuseBodyAsync(context, outcome);
            return;
        }

        if (_turns is not null && !await _turns.WaitAsync(TurnWait, context.RequestAborted))
        {
            await RefuseAsync(context, HecReply.Overloaded);
            return;
        }

        try
        {
            using var records = new HecRecords();
            using var batch = new SpoolAppend();
            await KeepAsync(context, raw, channel, encoding, wire, new HecFrame(records, batch, tailnet));
        }
        finally
        {
            _turns?.Release();
        }
    }

    async ValueTask KeepAsync(HttpContext context, bool raw, Guid channel, BodyEncoding encoding, BodyBuffer wire, HecFrame into)
    {
        var bytes = Frame(context.Request, raw, encoding, wire, into, out var refusal);
        if (refusal is { } frame)
        {
            await RefuseAsync(context, frame.Reply, frame.EventNumber);
            return;
        }

        if (_acks is not null && !_acks.TryReserve(channel))
        {
            await RefuseAsync(context, HecReply.AcksFull);
            return;
        }

        // The body has been copied into the batch, which now counts in its place.
        wire.Dispose();
        var size = into.Batch.Bytes;
        _bodies.Budget.Take(size);
        var isKept = false;
        try
        {
            var result = await _intake.AppendAsync(RecordSource.Stream, into.Batch, bytes);
            isKept = result.Outcome == IntakeOutcome.Kept;
            if (!isKept)
            {
                await RefuseAsync(context, Closed(result.Outcome)!);
                return;
            }

            _metrics.Accepted(into.Records);
            var ackId = _acks?.Complete(channel, result.End) ?? -1;
            await HecAnswer.WriteAsync(context, HecReply.Success, ackId: ackId);
        }
        finally
        {
            _bodies.Budget.Give(size);
            if (!isKept)
                _acks?.Cancel(channel);
        }
    }

    /// <summary>
    /// Decompresses, checks and copies; all on the processor, nothing waits. Each form of the body gives way to the next, so that there
    /// are never more than <see cref="HecLimits.BodyCopies"/>. Returns the size of the decompressed body.
    /// </summary>
    int Frame(HttpRequest request, bool raw, BodyEncoding encoding, BodyBuffer wire, HecFrame into, out HecRefusal? refusal)
    {
        using var content = new BodyBuffer(_bodies.Budget, _limits.BodyBytes);
        using var repaired = new BodyBuffer(_bodies.Budget, _limits.BodyBytes);
        refusal = null;
        var body = wire;
        if (encoding != BodyEncoding.Identity)
        {
            var outcome = HecBodyReader.Decompress(wire, encoding, body = content);
            if (outcome != BodyOutcome.Read)
            {
                refusal = new HecRefusal(Reply(outcome), outcome == BodyOutcome.Corrupt ? 0 : -1);
                return 0;
            }

            wire.Dispose();
        }

        if (!Utf8.IsValid(body.Bytes))
        {
            var outcome = Utf8Repair.Copy(body.Bytes, repaired);
            if (outcome != BodyOutcome.Read)
            {
                refusal = new HecRefusal(Reply(outcome), -1);
                return 0;
            }

            body.Dispose();
            body = repaired;
        }

        var bytes = body.Bytes;
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var result = raw ? HecLineReader.Read(bytes, _limits, into.Records) : HecEventReader.Read(bytes, _limits, into.Records);
        var origin = new HecOrigin(into.Tailnet, Now());
        if (result.IsSound && !HecAppendWriter.TryWrite(bytes, into.Records, HecQuery.From(request.Query), _limits, origin, into.Batch))
            result = new HecReadResult(HecFault.TooLarge);
        if (!result.IsSound)
            refusal = new HecRefusal(Reply(result.Fault), result.EventNumber);
        return bytes.Length;
    }

    long Now() => UnixTime.Nanoseconds(_time.GetUtcNow());

    static HecReply? Closed(IntakeOutcome state) => state switch
    {
        IntakeOutcome.Kept => null,
        IntakeOutcome.Stopping => HecReply.Stopping,
        _ => HecReply.SpoolFull,
    };

    static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "A stream request failed inside the daemon; the sender was told to come again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
