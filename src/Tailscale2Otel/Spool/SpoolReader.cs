using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>Reads frames in order. One thread's at a time.</summary>
abstract class SpoolReader : IDisposable
{
    /// <summary>Position of the next frame; after the last one, the end of the spool.</summary>
    public abstract SpoolPosition Position { get; }

    /// <summary>
    /// The next durable frame; false when there is none yet. Damaged frames are skipped, counted and copied aside. The
    /// record's spans are good until the next call. Does not throw for what is on disk.
    /// </summary>
    public abstract bool TryRead(out RawRecord record);

    /// <summary>Ends when <see cref="TryRead"/> may find a frame.</summary>
    public abstract ValueTask WaitAsync(CancellationToken cancellation);

    public abstract void Dispose();
}
