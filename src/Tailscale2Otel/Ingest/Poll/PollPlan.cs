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

    /// <summary>What two clocks may differ by without one of them being wrong.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    DateTimeOffset? _first;
    bool _isFirstGuessed;
    DateTimeOffset? _walk;

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
        // The clock here may be wrong in either direction, and any answer tells the server's: a short question first.
        if (!clock.IsSettled && before is { } known && (to < known.Time || known.Time < Limit))
            to = (to < known.Time ? known.Time : from) + Shortest;
        if (to <= from)
        {
            _walk = null;
            return null;
        }

        var isCut = to - from > Span;
        return new PollWindow(from, isCut ? from + Span : to, isCut, before);
    }

    /// <summary>The cursor behind a window that was fetched whole; null when it does not move.</summary>
    /// <param name="asked">When the server was asked, by its clock.</param>
    /// <param name="said">The server's clock in the answer.</param>
    public PollCursor? Moved(in PollWindow window, DateTimeOffset asked, DateTimeOffset? said)
    {
        // A fast clock here must not skip what is yet to be logged.
        var reached = said is { } server ? Earlier(server - settings.Lag, window.To) : window.To;
        if (reached < window.From || (window.Before is null && IsFirstMisplaced()))
            return null;

        var before = window.Before is { } known ? Effective(known) : new PollCursor(window.From, window.From);
        var time = Later(before.Time, reached);
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

    /// <summary>Lets windows grow again when answers are small enough for twice as much.</summary>
    public void Grow(long bytes)
    {
        if (Span < settings.MaxWindow && bytes <= settings.MaxResponseBytes / 4)
            Span = Span < settings.MaxWindow / 2 ? Span * 2 : settings.MaxWindow;
    }

    /// <summary>How much of the time since the cursor the server had no records of any more.</summary>
    public TimeSpan Lost(in PollWindow window, PollCursor? moved) =>
        window.Before is { } before && moved is { } cursor && Earlier(cursor.Time, Limit) is var end && end > before.Time ? end - before.Time : TimeSpan.Zero;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>The very first window was placed by a clock that turned out to be wrong.</summary>
    bool IsFirstMisplaced() => _isFirstGuessed && clock.Ahead.Duration() > Tolerance;

    /// <summary>
    /// A cursor in the server's future was made by a fast clock here and a server that did not say its own; what it promises
    /// was not yet logged.
    /// </summary>
    bool IsPossible(PollCursor? cursor) => cursor is not { } known || !clock.IsSettled || known.Time <= clock.Now + Tolerance;

    DateTimeOffset Start(PollCursor? before)
    {
        if (_walk is { } walk)
            return clock.IsSettled ? Later(walk, Limit) : walk;
        if (before is { } cursor)
            return Effective(cursor).Settled;

        if (_first is null)
        {
            _first = Target - settings.InitialLookback;
            _isFirstGuessed = !clock.IsSettled;
        }

        return clock.IsSettled ? Later(_first.Value, Limit) : _first.Value;
    }

    /// <summary>
    /// The cursor as it can be asked for. After an absence longer than repeats are recognised none are asked for, and before the
    /// server's retention there is nothing.
    /// </summary>
    PollCursor Effective(PollCursor cursor)
    {
        var settled = Target - cursor.Time > settings.Recognised ? cursor.Time : cursor.Settled;
        return clock.IsSettled && settled < Limit ? new PollCursor(Later(cursor.Time, Limit), Limit) : cursor with { Settled = settled };
    }
}
