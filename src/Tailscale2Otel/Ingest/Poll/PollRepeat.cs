namespace Tailscale2Otel.Ingest.Poll;

/// <summary>When a poller is asked again after a failure.</summary>
enum PollRepeat
{
    /// <summary>At the next tick, and later and later while it goes on.</summary>
    Backoff,

    /// <summary>At the next tick: the cause is here and not at the other end.</summary>
    NextTick,

    /// <summary>Every ten minutes: it lasts until somebody changes something.</summary>
    Rarely,
}
