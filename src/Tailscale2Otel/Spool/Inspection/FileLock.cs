using System.Globalization;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Spool.Inspection;

/// <summary>
/// Who holds the flock(2) of a file, read from the tables of Linux (proc_locks(5), proc_pid_fdinfo(5), proc_pid_mountinfo(5)).
/// The lock itself is not asked: to try it, even shared and for a moment, would turn away a daemon that starts in that moment.
/// </summary>
static partial class FileLock
{
    /// <summary>open(2): a handle for the file's identity alone, and not for children. .NET's own open takes a shared lock, always.</summary>
    const int PathOnlyCloseOnExec = 0x200000 | 0x80000;

    const int NoEntry = 2;

    /// <summary>
    /// Process id of the holder; 0 when none is seen, which it also is in a container that this process does not look into; null
    /// when the system does not tell. Does not throw.
    /// </summary>
    public static int? HolderOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var descriptor = Open(path, PathOnlyCloseOnExec);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() == NoEntry ? 0 : null;

        try
        {
            return IdentityOf(descriptor) is { } identity ? Find(File.ReadLines("/proc/locks"), identity) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>For example <c>1: FLOCK  ADVISORY  WRITE 19123 fe:00:11658556 0 EOF</c>; who waits for a lock has an arrow after the number.</summary>
    public static int Find(IEnumerable<string> locks, string identity)
    {
        foreach (var line in locks)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is [_, "FLOCK", _, "WRITE", var process, var file, ..] && file == identity
                && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return id;
        }

        return 0;
    }

    /// <summary>Device and inode as <c>/proc/locks</c> spells them; null when the kernel is older than the inode in fdinfo (5.14).</summary>
    static string? IdentityOf(int descriptor)
    {
        string? mount = null, inode = null;
        foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}")))
        {
            if (line.StartsWith("mnt_id:", StringComparison.Ordinal))
                mount = line["mnt_id:".Length..].Trim();
            else if (line.StartsWith("ino:", StringComparison.Ordinal))
                inode = line["ino:".Length..].Trim();
        }

        return inode is not null && mount is not null && DeviceOf(mount) is { } device ? $"{device}:{inode}" : null;
    }

    /// <summary>The third field is the device in decimal, <c>/proc/locks</c> has it in hexadecimal.</summary>
    static string? DeviceOf(string mount)
    {
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var fields = line.Split(' ', 4);
            if (fields.Length == 4 && fields[0] == mount && fields[2].Split(':') is [var major, var minor]
                && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
                && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var low))
                return string.Create(CultureInfo.InvariantCulture, $"{high:x2}:{low:x2}");
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
