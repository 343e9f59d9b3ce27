namespace Tailscale2Otel.Spool;

/// <summary>An open file of the spool. Every method may throw <see cref="IOException"/> and nothing else for what the disk does.</summary>
abstract class SpoolFile : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Bytes read, fewer than asked for only at the end of the file or before bytes that cannot be read; 0 at the end.</summary>
    public abstract int Read(long offset, Span<byte> destination);

    public abstract void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Writes all parts one after the other, or throws having written any number of bytes.</summary>
    public abstract void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    public abstract void Truncate(long length);

    /// <summary>What was written survives a loss of power.</summary>
    public abstract void Flush();

    /// <summary>These bytes will hardly be read again: the system may give the memory in which it keeps them to others. Does not throw.</summary>
    public abstract void Forget(long offset, long length);

    public abstract void Dispose();
}
