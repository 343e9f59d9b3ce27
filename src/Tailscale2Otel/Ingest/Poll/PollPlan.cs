namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Decides what to ask for, and how far the answer moves the cursor. Windows lie by when the server logged a record, one behind
/// the other and each beginning where the one before ended: both ends are included, so that nothing falls between them and what
/// was logged in that very instant is recognised the second time.
/// <para>
/// A record may be stored some time after it was logged. Everything is therefore asked for until it was asked for once at least
/// <c>lag</c> and <c>replay_overlap</c> after it was logged; what is older than that is settled. While polling keeps up, that is
/// an overlap of <c>replay_overlap</c>; while it catches up there is nothing to overlap.
/// </para>
/// </summary>
sealed class PollPlan(LogPollSettings settings, ServerClock clock)
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Questions that are asked at once to end a doubt about the server's clock; others wait for their tick.</summary>
    const int QuickDoubts = 3;

    /// <summary>Failures in a row of the same window after which its length may be why.</summary>
    const int FailuresOfSize = 2;

    /// <summary>Windows fetched before the next is longer, where a longer one failed: each try may cost the time of a whole call.</summary>
    const int CalmWindows = 4;

    DateTimeOffset? _first;
    bool _isFirstGuessed;
    DateTimeOffset? _walk;
    DateTimeOffset _failedFrom;
    int _failures;
    int _untilGrowth;

    /// <summary>Most that the next window covers: less than <c>max_window</c> while answers are too large.</summary>
    public TimeSpan Span { get; private set; } = settings.MaxWindow;

    /// <summary>How far the log can be asked for.</summary>
    public DateTimeOffset Target => clock.Now - settings.Lag;

    /// <summary>The server keeps nothing from before.</summary>
    public DateTimeOffset Limit => clock.Now - settings.Feed.Retention;

    /// <summary>Null when there is nothing to ask for yet.</summary>
    /// <param name="cursor">Null when nothing was fetched yet.</param>
    public PollWindow? Next(PollCursor? cursor)
    {
        var before = IsPossible(cursor) ? cursor : null;
        var from = Start(before);
        var to = Target;
        // What is known of the clock may be wrong in either direction, and answers tell the server's: a short question first.
        if (clock.IsDoubtful)
            return new PollWindow(from, from + Shortest, false, before, IsProbe: true);
        if (!clock.IsSure && before is { } known && (to < known.Time || known.Time < Limit))
            return new PollWindow(from, (to < known.Time ? known.Time : from) + Shortest, false, before, IsProbe: true);
        if (to <= from)
        {
            _walk = null;
            return null;
        }

        var isCut = to - from > Span;
        return new PollWindow(from, isCut ? from + Span : to, isCut, before);
    }

    /// <summary>The cursor behind a window that was fetched whole, never past its end; null when it does not move.</summary>
    /// <param name="asked">When the server was asked, by its clock.</param>
    /// <param name="said">The server's clock in the answer.</param>
    public PollCursor? Moved(in PollWindow window, DateTimeOffset asked, DateTimeOffset? said)
    {
        // Whichever of the clocks is right, none of them may skip what is yet to be logged.
        var reached = Earlier(Target, window.To);
        if (said is { } server)
            reached = Earlier(server - settings.Lag, reached);
        if (reached < window.From || (clock.IsDoubtful && !clock.IsTold) || IsPlacedInDoubt(window))
            return null;

        var kept = window.Before ?? new PollCursor(window.From, window.From);
        var before = window.Before is not null && clock.IsSure ? Effective(kept) : kept;
        var time = Earlier(Later(before.Time, reached), Later(kept.Time, window.To));
        var settled = window.From <= before.Settled ? Later(before.Settled, Earlier(reached, asked - settings.Lag - settings.ReplayOverlap)) : before.Settled;
        var moved = new PollCursor(time, Earlier(settled, time));
        return moved == window.Before ? null : moved;
    }

    /// <summary>Goes on behind a window that was fetched; true when there is more to fetch at once.</summary>
    public bool Advance(in PollWindow window, PollCursor? moved, DateTimeOffset? said)
    {
        var isMisplaced = window.Before is null && moved is null && IsFirstMisplaced();
        if (window.Before is not null || isMisplaced)
            _first = null;
        if (isMisplaced)
            return true;

        if (clock.IsDoubtful || window.IsProbe)
        {
            _walk = null;
            return clock.Doubts <= QuickDoubts;
        }

        if (window.IsCut && (said is not { } server || server - settings.Lag >= window.To))
        {
            _walk = window.To;
            return true;
        }

        _walk = null;
        return moved is { } cursor && cursor.Time > (window.Before?.Time ?? DateTimeOffset.MinValue) && Target - cursor.Time > settings.Interval;
    }

    /// <summary>False when the window is as short as can be.</summary>
    public bool TryHalve(in PollWindow window)
    {
        if (window.Length <= Shortest)
            return false;
        Span = window.Length / 2 > Shortest ? window.Length / 2 : Shortest;
        return true;
    }

    /// <summary>
    /// Of a failure that may have to do with how much was asked for: an outage looks the same at first, so that a window is made
    /// smaller from its second failure in a row. True when it was.
    /// </summary>
    public bool TryShrink(in PollWindow window)
    {
        (_failedFrom, _failures) = (window.From, window.From == _failedFrom ? _failures + 1 : 1);
        _untilGrowth = CalmWindows;
        return _failures >= FailuresOfSize && TryHalve(window);
    }

    /// <summary>Lets windows grow again when answers are small enough for twice as much.</summary>
    public void Grow(in PollWindow window, long bytes)
    {
        _failures = 0;
        if (window.IsProbe || --_untilGrowth > 0)
            return;
        if (Span < settings.MaxWindow && bytes <= settings.MaxResponseBytes / 4)
            Span = Span < settings.MaxWindow / 2 ? Span * 2 : settings.MaxWindow;
    }

    /// <summary>How much of the time since the cursor the server had no records of any more.</summary>
    public TimeSpan Lost(in PollWindow window, PollCursor? moved) =>
        clock.IsSure && window.Before is { } before && moved is { } cursor && Earlier(cursor.Time, Limit) is var end && end > before.Time ? end - before.Time : TimeSpan.Zero;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    public static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>The very first window was placed by a clock that turned out to be wrong.</summary>
    bool IsFirstMisplaced() => _isFirstGuessed && clock.Ahead.Duration() > ServerClock.Tolerance;

    /// <summary>Its beginning is not where a cursor ended but where a clock put it, and that clock is wrong or may be.</summary>
    bool IsPlacedInDoubt(in PollWindow window) =>
        window.Before is { } known ? window.From > known.Time && !clock.IsSure : IsFirstMisplaced() || clock.IsDoubtful;

    /// <summary>
    /// A cursor in the server's future was made by a fast clock here and a server that did not say its own; what it promises
    /// was not yet logged.
    /// </summary>
    bool IsPossible(PollCursor? cursor) => cursor is not { } known || !clock.IsSure || known.Time <= clock.Now + ServerClock.Tolerance;

    DateTimeOffset Start(PollCursor? before)
    {
        if (_walk is { } walk)
            return clock.IsSure ? Later(walk, Limit) : walk;
        if (before is { } cursor)
            return Effective(cursor).Settled;

        if (_first is null)
        {
            _first = Target - settings.InitialLookback;
            _isFirstGuessed = !clock.IsSure;
        }

        return clock.IsSure ? Later(_first.Value, Limit) : _first.Value;
    }

    /// <summary>
    /// The cursor as it can be asked for. After an absence longer than repeats are recognised none are asked for, and before the
    /// server's retention there is nothing.
    /// </summary>
    PollCursor Effective(PollCursor cursor)
    {
        var settled = Target - cursor.Time > settings.Recognised ? cursor.Time : cursor.Settled;
        return clock.IsSure && settled < Limit ? new PollCursor(Later(cursor.Time, Limit), Limit) : cursor with { Settled = settled };
    }
}
