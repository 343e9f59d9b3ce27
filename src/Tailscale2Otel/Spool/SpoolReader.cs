using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>Reads frames in order. One thread's at a time.</summary>
abstract class SpoolReader : IDisposable
{
    /// <summary>Position of the next frame; after the last one, the end of the spool.</summary>
    public abstract SpoolPosition Position { get; }

    /// <summary>
    /// The last <see cref="TryRead"/> found no frame because the disk does not give now what is at <see cref="Position"/>. It
    /// may give it later.
    /// </summary>
    public abstract bool IsBlocked { get; }

    /// <summary>
    /// The next durable frame; false when there is none yet or <see cref="IsBlocked"/>. Damaged frames are skipped, counted and copied aside. The
    /// record's spans are good until the next call. Does not throw for what is on disk.
    /// </summary>
    public abstract bool TryRead(out RawRecord record);

    /// <summary>Ends when <see cref="TryRead"/> may find a frame; for a blocked reader when it is time to ask the disk again.</summary>
    public abstract ValueTask WaitAsync(CancellationToken cancellation);

    public abstract void Dispose();
}
