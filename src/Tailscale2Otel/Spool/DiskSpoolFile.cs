using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool;

sealed partial class DiskSpoolFile(SafeFileHandle handle) : SpoolFile
{
    /// <summary>POSIX_FADV_DONTNEED of linux/fadvise.h, on every architecture that .NET runs on but s390x, where it is 6.</summary>
    const int DontNeed = 4;

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

    // What was not flushed yet is written out by this, and stays.
    public override void Forget(long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(handle, offset, length, DontNeed);
    }

    public override void Dispose() => handle.Dispose();

    /// <summary>posix_fadvise(2).</summary>
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
