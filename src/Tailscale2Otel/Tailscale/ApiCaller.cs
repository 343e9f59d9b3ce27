using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tailscale2Otel.Tailscale;

/// <summary>Whole calls: attempts, waits and the time for all of them, and what is learnt from how they end.</summary>
sealed class ApiCaller
{
    readonly TailnetSettings _tailnet;
    readonly ApiSender _sender;
    readonly ApiMetrics _metrics;
    readonly TimeProvider _time;
    readonly ApiPauses _pauses;
    readonly ResiliencePipeline<ApiFault?> _pipeline;

    public ApiCaller(TailnetSettings tailnet, ApiSender sender, ApiMetrics metrics, ApiStates states, TimeProvider time)
    {
        _tailnet = tailnet;
        _sender = sender;
        _metrics = metrics;
        States = states;
        _time = time;
        _pauses = new ApiPauses(tailnet.ApiName, time);
        _pipeline = Build(tailnet.Http, time);
    }

    public ApiStates States { get; }

    /// <param name="read">Takes the answer; what it throws ends the call.</param>
    public async Task<ApiResult<T>> CallAsync<T>(ApiRequest request, Func<HttpResponseMessage, CancellationToken, Task<ApiAttempt<T>>> read, CancellationToken cancellation)
    {
        if (_pauses.Of(request.Operation) is { } pause)
            return pause;

        var call = new ApiCall(request);
        var started = _time.GetTimestamp();
        States.Begun(request.Operation);
        T? value = default;
        var fault = await RunAsync(
            call,
            async token =>
            {
                var attempt = await AttemptAsync(call, read, token);
                value = attempt.Value;
                return attempt.Fault;
            },
            cancellation);
        _metrics.Called(request.Operation.Path, call.Status, _time.GetElapsedTime(started));
        if (fault is not null)
            return Failed(request, fault);
        States.Succeeded(request.Operation);
        return new ApiResult<T>(value, null);
    }

    /// <summary>A failure before anything was sent.</summary>
    public ApiFailure Refused(ApiOperation operation, string why) => FailureOf(operation, new ApiFault(ApiFaultKind.Argument, 0, why));

    static ResiliencePipeline<ApiFault?> Build(ApiHttpOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<ApiFault?> { TimeProvider = time }.AddTimeout(new TimeoutStrategyOptions { Timeout = options.TotalTimeout });
        if (options.Retry.MaxAttempts == 1)
            return builder.Build();

        var retry = options.Retry;
        return builder
            .AddRetry(new RetryStrategyOptions<ApiFault?>
            {
                MaxRetryAttempts = retry.MaxAttempts - 1,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } fault && ApiRetry.IsRepeated(fault) && !(fault.RetryAfter > retry.MaxDelay)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Delay(retry, args.Outcome.Result!, args.AttemptNumber)),
            })
            .Build();
    }

    /// <summary>What the server asked for, but never at once.</summary>
    static TimeSpan Delay(ApiRetryOptions options, ApiFault fault, int retries)
    {
        var own = ApiRetry.Delay(options, retries, Random.Shared.NextDouble());
        return fault.RetryAfter is not { } asked ? own : asked > options.BaseDelay ? asked : options.BaseDelay;
    }

    async Task<ApiFault?> RunAsync(ApiCall call, Func<CancellationToken, Task<ApiFault?>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(static (attempt, token) => new ValueTask<ApiFault?>(attempt(token)), attempt, cancellation);
        }
        catch (TimeoutRejectedException)
        {
            var before = call.LastFault is { } last ? $"; before that: {ApiWords.Message(call.Operation, _tailnet.ApiName, last)}" : "";
            return new ApiFault(ApiFaultKind.TimedOut, call.Status, $"more than {ApiWords.Seconds(_tailnet.Http.TotalTimeout)} in all (tailscale.http.total_timeout){before}");
        }
    }

    async Task<ApiAttempt<T>> AttemptAsync<T>(ApiCall call, Func<HttpResponseMessage, CancellationToken, Task<ApiAttempt<T>>> read, CancellationToken cancellation)
    {
        if (call.Attempts++ > 0)
            _metrics.Retried(call.Operation.Path);
        call.Status = 0;
        var (response, fault) = await _sender.SendAsync(call, cancellation);
        if (response is not null)
        {
            using (response)
            {
                var attempt = await read(response, cancellation);
                call.LastFault = attempt.Fault;
                return attempt;
            }
        }

        call.LastFault = fault;
        return fault!;
    }

    ApiFailure Failed(ApiRequest request, ApiFault fault)
    {
        var failure = FailureOf(request.Operation, fault);
        _pauses.Begin(request.Operation, failure);
        // A device that is gone or not to be seen says nothing of the others; who asks about all of them can tell.
        if (request.Device.Length == 0 || !failure.IsLasting)
            States.Failed(request.Operation, failure);
        return failure;
    }

    ApiFailure FailureOf(ApiOperation operation, ApiFault fault) => new(
        ApiRetry.State(fault.Kind, fault.Status),
        fault.Status,
        ApiWords.Message(operation, _tailnet.ApiName, fault),
        fault.RetryAfter > _tailnet.Http.Retry.MaxDelay ? fault.RetryAfter : null,
        fault.Kind == ApiFaultKind.TooLarge,
        ApiRetry.MayBeSize(fault));
}
