using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool;

sealed class DiskSpoolFile(SafeFileHandle handle) : SpoolFile
{
    public override long Length => RandomAccess.GetLength(handle);

    public override int Read(long offset, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(handle, destination, offset);
        }
        catch (Exception e) when (DiskFault.IsFromDisk(e))
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (Exception e) when (DiskFault.IsFromDisk(e))
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        try
        {
            RandomAccess.Write(handle, parts, offset);
        }
        catch (Exception e) when (DiskFault.IsFromDisk(e))
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception e) when (DiskFault.IsFromDisk(e))
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception e) when (DiskFault.IsFromDisk(e))
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void Dispose() => handle.Dispose();
}
