using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>
/// The durable log between catching and grinding, and the one seam for scale: the contract is append durable, read in order,
/// commit. Nothing in it assumes that the appender and the reader are one process.
/// </summary>
interface ISpool : IAsyncDisposable
{
    /// <summary>First position that can still be read.</summary>
    SpoolPosition Oldest { get; }

    /// <summary>Everything before this position is durable and readable.</summary>
    SpoolPosition End { get; }

    SpoolCursors Cursors { get; }

    /// <summary>Whether an append would be taken now, and if not why, in words for an operator.</summary>
    SpoolState State { get; }

    /// <summary>
    /// Makes all frames of the batch durable, in order and together with those of concurrent callers. Does not throw for a
    /// full or failing disk: the result says so. The batch may be disposed when the task has ended.
    /// </summary>
    /// <param name="cancellation">Gives up waiting; the append may then have happened or not.</param>
    ValueTask<AppendResult> AppendAsync(SpoolAppend batch, CancellationToken cancellation);

    /// <summary>A reader at the first frame at or after a position. One reader is one thread's.</summary>
    SpoolReader Read(SpoolPosition from);
}
