namespace Tailscale2Otel.Processing;

enum ProcessOutcome
{
    /// <summary>Its log records, if its configuration asks for any, are written.</summary>
    Mapped,

    /// <summary>The same event, or the same change, is owned by another position.</summary>
    Duplicate,

    /// <summary>It cannot be decoded or cannot be true; it belongs in the dead-letter file.</summary>
    DeadLetter,

    /// <summary>Configuration says to drop it.</summary>
    Dropped,
}
