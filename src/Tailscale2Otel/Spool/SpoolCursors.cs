using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>
/// How far the spool's readers are, persisted beside it. A position only grows. The spool keeps everything from the lowest
/// of the three on, and for its retention what is before.
/// </summary>
abstract class SpoolCursors
{
    /// <summary>Log records before this position were accepted by the backend (or are duplicates or dead letters).</summary>
    public abstract SpoolPosition Delivered { get; }

    /// <summary>Records before this position are in metrics that a successful export carried.</summary>
    public abstract SpoolPosition Counted { get; }

    /// <summary>Content keys of records before this position are in the deduplication window's own files.</summary>
    public abstract SpoolPosition Keyed { get; }

    /// <summary>Moves <see cref="Delivered"/>; the task ends when the move is durable. Concurrent moves share one flush.</summary>
    public abstract ValueTask DeliverAsync(SpoolPosition position, CancellationToken cancellation);

    /// <inheritdoc cref="DeliverAsync"/>
    public abstract ValueTask CountAsync(SpoolPosition position, CancellationToken cancellation);

    /// <inheritdoc cref="DeliverAsync"/>
    public abstract ValueTask KeyAsync(SpoolPosition position, CancellationToken cancellation);
}
