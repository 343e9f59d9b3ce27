using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Fetches one log of one tailnet, window by window, into the spool. A run asks at most one question; when more is to be had, the
/// loop asks again soon.
/// </summary>
sealed partial class LogPoller : IPoller
{
    /// <summary>Between two windows while catching up: requests stay bounded, and others get their turn.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    readonly LogPollSettings _settings;
    readonly ReadLogs _read;
    readonly Intake _intake;
    readonly PollCursors _cursors;
    readonly PollInstruments _instruments;
    readonly ILogger _log;
    readonly KeyValuePair<string, object?>[] _tags;
    readonly ServerClock _clock;
    readonly PollPlan _plan;
    readonly CatchUpLog _catchUp;
    bool _isClockTold;

    public LogPoller(LogPollSettings settings, ReadLogs read, Intake intake, PollCursors cursors, PollInstruments instruments, ILogger<LogPoller> log)
    {
        (_settings, _read, _intake, _cursors, _instruments, _log) = (settings, read, intake, cursors, instruments, log);
        _tags = CollectorTags.Of(Collector, Tailnet);
        _clock = new ServerClock(instruments.Time);
        _plan = new PollPlan(settings, _clock);
        _catchUp = new CatchUpLog(Name, settings.Interval, instruments.Time, log);
        instruments.Metrics.Watch(() => Cursor is { } cursor ? (_clock.Now - cursor.Time).TotalSeconds : null, _tags);
    }

    public string Collector => _settings.Feed.Collector;

    public string Tailnet => _settings.Label;

    public TimeSpan Interval => _settings.Interval;

    string Name => Tailnet.Length == 0 ? Collector : $"{Collector} {Tailnet}";

    PollCursor? Cursor => _cursors.Find(new PollKey(_settings.Tailnet, Collector));

    public async Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        if (_intake.State != IntakeOutcome.Kept)
            return Held();
        if (_plan.Next(Cursor) is not { } window)
            return PollResult.Done;

        var (asked, started) = (_clock.Now, _instruments.Time.GetTimestamp());
        using var writer = new LogPageWriter(_settings, _intake, _cursors, _instruments.Metrics, _instruments.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ApiResult<LogPage> answer;
        try
        {
            answer = await _read(_settings.Feed.Type, window.From, window.To, record => TakeAsync(writer, record, stop), stop.Token);
        }
        catch (OperationCanceledException) when (writer.Outcome != IntakeOutcome.Kept && !cancellation.IsCancellationRequested)
        {
            return Refused(window);
        }

        if (writer.Outcome != IntakeOutcome.Kept)
            return Refused(window);
        if (!answer.IsSuccess)
            return Failed(window, answer.Failure);

        var page = answer.Value;
        _clock.Answered(page.ServerTime);
        if (page.ServerTime is { } said)
            asked = PollPlan.Earlier(asked, said - _instruments.Time.GetElapsedTime(started));
        return await FinishAsync(window, page, asked, writer);
    }

    /// <summary>The client repeats an attempt whose taker failed, were it not cancelled.</summary>
    static async ValueTask TakeAsync(LogPageWriter writer, LogElement record, CancellationTokenSource stop)
    {
        try
        {
            await writer.TakeAsync(record);
        }
        catch (OperationCanceledException)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    async Task<PollResult> FinishAsync(PollWindow window, LogPage page, DateTimeOffset asked, LogPageWriter writer)
    {
        var moved = _plan.Moved(window, asked, page.ServerTime);
        var givenUp = window.Before is null && moved is not null ? Cursor : null;
        if (await writer.FinishAsync(moved) != IntakeOutcome.Kept)
            return Refused(window);

        _instruments.Metrics.Fetched(page.Records, page.Bytes, _tags);
        if (givenUp is { } impossible)
            Log.GivenUp(_log, Name, impossible.Time, window.From);
        TellGap(window, _plan.Lost(window, moved));
        TellClock();
        _plan.Grow(window, page.Bytes);
        var isMore = _plan.Advance(window, moved, page.ServerTime);
        if ((moved ?? window.Before) is { } cursor)
            _catchUp.Fetched(cursor.Time, _plan.Target - cursor.Time);
        return isMore ? PollResult.Again(Pause) : PollResult.Done;
    }

    PollResult Failed(in PollWindow window, ApiFailure failure)
    {
        if (!failure.IsTooLarge)
        {
            if (failure.MayBeSize && _plan.TryShrink(window))
                _instruments.Metrics.Halved(_tags);
            return PollResult.Failed(failure);
        }

        if (_plan.TryHalve(window))
        {
            _instruments.Metrics.Halved(_tags);
            return PollResult.Again(Pause);
        }

        return PollResult.Failed(failure with
        {
            Message = $"one second of records is more than tailscale.max_log_response_bytes ({_settings.MaxResponseBytes}) allows; raise it, nothing is lost until then",
        });
    }

    /// <summary>Windows of a second must not wait for a second each.</summary>
    TimeSpan Pause => _plan.Span / 4 < LongestPause ? _plan.Span / 4 : LongestPause;

    /// <summary>A window that is more than the spool has room for must not be begun again and again.</summary>
    PollResult Refused(in PollWindow window)
    {
        if (_plan.TryHalve(window))
            _instruments.Metrics.Halved(_tags);
        return Held();
    }

    PollResult Held() => PollResult.Failed(PollFailure.Held(
        $"the spool takes nothing now, so that nothing is asked for; Tailscale keeps the records for {_settings.Feed.Retention.TotalDays:0} days"));

    void TellGap(in PollWindow window, TimeSpan lost)
    {
        if (lost <= TimeSpan.Zero)
            return;

        _instruments.Metrics.Gap(lost, _tags);
        // The beginning of what the server has moves on while it is fetched.
        if (lost > Interval)
            Log.Gap(_log, Name, lost, window.Before!.Value.Time, _settings.Feed.Retention.TotalDays);
    }

    void TellClock()
    {
        var isOff = _clock.Ahead.Duration() > ServerClock.Tolerance;
        if (isOff && !_isClockTold)
            Log.Clock(_log, Name, _clock.Ahead);
        _isClockTold = isOff;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Collector}: {Lost} of records since {Cursor:O} cannot be had any more, because Tailscale keeps them for {Days} days; polling goes on with what is left")]
        public static partial void Gap(ILogger log, string collector, TimeSpan lost, DateTimeOffset cursor, double days);

        [LoggerMessage(LogLevel.Warning, "{Collector}: the cursor {Cursor:O} is in Tailscale's future, because a wrong clock made it, and is given up; polling begins anew at {From:O} (initial_lookback)")]
        public static partial void GivenUp(ILogger log, string collector, DateTimeOffset cursor, DateTimeOffset from);

        [LoggerMessage(LogLevel.Warning, "{Collector}: the clock of this machine is ahead of Tailscale's by {Ahead}; windows go by Tailscale's, but set it right")]
        public static partial void Clock(ILogger log, string collector, TimeSpan ahead);
    }
}
