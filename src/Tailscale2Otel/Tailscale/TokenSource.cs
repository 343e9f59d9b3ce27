namespace Tailscale2Otel.Tailscale;

/// <summary>
/// The access token that requests carry. It is renewed before it ends, by one request however many wait for it; after a failure the
/// token endpoint is left alone for a while, and until then everybody gets the same answer. For concurrent use.
/// </summary>
/// <param name="fetch">Asks for a new token; bounded in time, throws only for cancellation.</param>
/// <param name="firstWait">After the first failure; it doubles.</param>
sealed class TokenSource(Func<CancellationToken, Task<TokenReply>> fetch, TimeSpan firstWait, TimeProvider time) : IDisposable
{
    /// <summary>Longest wait after failures that may pass by themselves, and the wait after a refusal.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Of its life a token is used for so much, so that it does not end under way and a failed renewal can be repeated.</summary>
    const double UsedPart = 5.0 / 6;

    /// <summary>Timers fire a little early at times, and who waited as told must not get the old answer.</summary>
    static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource _stop = new();
    readonly Lock _gate = new();
    readonly long _origin = time.GetTimestamp();
    string _token = "";
    TimeSpan _renewAt;
    TimeSpan _endsAt;
    Task<TokenReply>? _renewal;
    ApiFault? _failure;
    int _failures;
    TimeSpan _failureEnds;

    TimeSpan Now => time.GetElapsedTime(_origin);

    public async ValueTask<TokenReply> GetAsync(CancellationToken cancellation)
    {
        Task<TokenReply> renewal;
        TokenReply? old;
        lock (_gate)
        {
            var now = Now;
            if (_token.Length > 0 && now < _renewAt)
                return new TokenReply(_token, _endsAt - now, null);
            old = _token.Length > 0 && now < _endsAt ? new TokenReply(_token, _endsAt - now, null) : null;
            if (_failure is not null && now < _failureEnds - TimerSlack)
                return old ?? TokenReply.Failed(Still(_failure, _failureEnds - now));
            renewal = _renewal ??= Task.Run(RenewAsync, CancellationToken.None);
        }

        var reply = await renewal.WaitAsync(cancellation);
        return reply.Fault is not null && old is { } good ? good : reply;
    }

    /// <summary>The API does not take it: the next one to ask gets another, unless somebody has fetched that already.</summary>
    public void Reject(string token)
    {
        lock (_gate)
        {
            if (_token == token)
                _token = "";
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Not for one caller, so that none of them can cancel it for the others.</summary>
    async Task<TokenReply> RenewAsync()
    {
        try
        {
            var reply = await fetch(_stop.Token);
            lock (_gate)
            {
                return reply.Fault is { } fault ? TokenReply.Failed(Failed(fault)) : Renewed(reply);
            }
        }
        finally
        {
            lock (_gate)
                _renewal = null;
        }
    }

    TokenReply Renewed(TokenReply reply)
    {
        _token = reply.Token;
        _renewAt = Now + (reply.Life * UsedPart);
        _endsAt = Now + reply.Life;
        _failure = null;
        _failures = 0;
        return reply;
    }

    ApiFault Failed(ApiFault fault)
    {
        var wait = fault.RetryAfter ?? Wait(fault);
        _failures++;
        _failure = fault;
        _failureEnds = Now + wait;
        return Still(fault, wait);
    }

    TimeSpan Wait(ApiFault fault)
    {
        var wait = firstWait * Math.Pow(2, Math.Min(_failures, 20));
        return ApiRetry.IsRepeated(fault) && wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>What is repeated is repeated when there will be another answer; what is refused for good says no time.</summary>
    static ApiFault Still(ApiFault fault, TimeSpan wait) => ApiRetry.IsRepeated(fault) ? fault with { RetryAfter = wait } : fault;
}
