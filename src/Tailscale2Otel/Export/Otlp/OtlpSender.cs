using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Sends requests of one signal, each until its fate is known or patience ends. Safe for concurrent use.</summary>
sealed class OtlpSender : IDisposable
{
    /// <summary>A lone record is not given up for one stumble of a backend that takes empty requests.</summary>
    const int MaxSuspicions = 3;

    /// <summary>HTTP: the request is too large, which says nothing about other requests.</summary>
    const int TooLarge = 413;

    /// <summary>There was no answer.</summary>
    const int NoStatus = -1;

    static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    static readonly ResiliencePropertyKey<OtlpCall> CallKey = new("call");

    readonly OtlpClient _client;
    readonly ExportMetrics _metrics;
    readonly TimeProvider _time;
    readonly byte[] _probe;
    readonly ResiliencePipeline<OtlpReply> _retry;
    readonly ResiliencePipeline _timeout;
    long _acceptedAt;

    /// <param name="probe">A valid request without data, for <see cref="OtlpDecision.Ask"/>.</param>
    public OtlpSender(OtlpClient client, OtlpOutage outage, ExportMetrics metrics, TimeProvider time, byte[] probe)
    {
        _client = client;
        Outage = outage;
        _metrics = metrics;
        _time = time;
        _probe = probe;
        var policy = client.Target.Retry;
        _retry = new ResiliencePipelineBuilder<OtlpReply> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<OtlpReply>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = policy.InitialInterval,
                MaxDelay = policy.MaxInterval > TimeSpan.Zero ? policy.MaxInterval : policy.InitialInterval,
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result.RetryAfter),
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is null && IsRepeated(args.Outcome.Result, args.Context)),
            })
            .Build();
        _timeout = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = client.Target.Timeout })
            .Build();
    }

    public OtlpTarget Target => _client.Target;

    public OtlpOutage Outage { get; }

    /// <summary>
    /// Ends with <see cref="OtlpDecision.Accepted"/>, with <see cref="OtlpDecision.Split"/>, which for a request that is alone
    /// means refused for good and for another that smaller ones are to be tried, or, when patience ended, with the last failure.
    /// </summary>
    public async Task<OtlpReply> SendAsync(OtlpRequestBody body, bool isAlone, TimeSpan patience, CancellationToken cancellation)
    {
        var call = new OtlpCall(body, isAlone, patience, _time.GetTimestamp());
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(CallKey, call);
            return await _retry.ExecuteAsync(
                static (context, state) => new ValueTask<OtlpReply>(state.Sender.AttemptAsync(state.Call, context.CancellationToken)),
                context,
                (Sender: this, Call: call));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => _client.Dispose();

    bool IsRepeated(in OtlpReply reply, ResilienceContext context)
    {
        if (reply.Decision is not (OtlpDecision.Retry or OtlpDecision.RetryLoudly))
            return false;
        return context.Properties.TryGetValue(CallKey, out var call)
            && (call.Patience == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(call.Started) + (reply.RetryAfter ?? TimeSpan.Zero) < call.Patience);
    }

    async Task<OtlpReply> AttemptAsync(OtlpCall call, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var reply = await OnceAsync(call.Body, cancellation);
        var accepted = reply.Decision == OtlpDecision.Accepted;
        _metrics.Sent(Target.Name, _time.GetElapsedTime(started), accepted, reply.Bytes);
        if (reply.ErrorType.Length > 0)
            _metrics.Failed(Target.Name, reply.ErrorType);

        if (accepted)
            Volatile.Write(ref _acceptedAt, _time.GetTimestamp());
        if (reply.Decision == OtlpDecision.Ask)
            reply = await AskAsync(call, reply, MaxSuspicions, cancellation);
        else if (reply.Decision == OtlpDecision.Split && call.IsAlone && reply.Status != TooLarge && !HasAcceptedLately())
            reply = await AskAsync(call, reply, 1, cancellation);
        if (reply.Decision is OtlpDecision.Retry or OtlpDecision.RetryLoudly)
            Outage.Failed(reply);
        else if (accepted)
            Outage.Succeeded();
        return reply;
    }

    /// <summary>
    /// The OTLP specification lets a server answer an empty request with success. If it does, the data was the matter; if
    /// it does not, the backend is, no data is given up for that, and what it said to the empty request is the answer.
    /// </summary>
    /// <param name="suspicions">How often the data must be suspected before it is given up.</param>
    async Task<OtlpReply> AskAsync(OtlpCall call, OtlpReply reply, int suspicions, CancellationToken cancellation)
    {
        using var probe = OtlpRequestBody.Create(Target, _probe, default);
        var answer = await OnceAsync(probe, cancellation);
        // Some backends refuse a request without data; of one that took data lately nothing else is learnt by that.
        var isTaken = answer.Decision == OtlpDecision.Accepted || (reply.Status == NoStatus && answer.Decision == OtlpDecision.Split && HasAcceptedLately());
        if (!isTaken)
        {
            // The words about the data would quote it.
            var passes = answer.Decision == OtlpDecision.Retry || answer is { Decision: OtlpDecision.Ask, Status: NoStatus };
            return answer with { Decision = passes ? OtlpDecision.Retry : OtlpDecision.RetryLoudly, RetryAfter = answer.RetryAfter ?? reply.RetryAfter };
        }

        // Smaller requests may get through where no answer came, but nobody refused the data.
        var isKept = call.IsAlone && (reply.Status == NoStatus || ++call.Suspicions < suspicions);
        return reply with { Decision = isKept ? OtlpDecision.Retry : OtlpDecision.Split };
    }

    /// <summary>
    /// A backend that takes other data refuses this one for what it is. One that takes nothing may be the wrong address, such as
    /// a TLS port that answers plain HTTP with 400, and then no data may be given up for it.
    /// </summary>
    bool HasAcceptedLately() => Volatile.Read(ref _acceptedAt) is not 0 and var at && _time.GetElapsedTime(at) < Lately;

    async Task<OtlpReply> OnceAsync(OtlpRequestBody body, CancellationToken cancellation)
    {
        try
        {
            return await _timeout.ExecuteAsync(
                static (state, token) => new ValueTask<OtlpReply>(state._client.SendAsync(state.body, token)),
                (_client, body),
                cancellation);
        }
        catch (TimeoutRejectedException e)
        {
            return new OtlpReply
            {
                Decision = OtlpRetry.NoAnswer(e, body.IsHalfSent),
                Status = NoStatus,
                ErrorType = OtlpRetry.ErrorType(e),
                Message = $"none within {Target.Timeout.TotalSeconds:0.###} s",
                Bytes = body.Length,
            };
        }
    }
}
