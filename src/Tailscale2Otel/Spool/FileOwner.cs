using System.Runtime.InteropServices;

namespace Tailscale2Otel.Spool;

/// <summary>
/// A command that root runs beside a daemon of another user must leave no file that the daemon cannot open. .NET knows neither
/// owners nor chown. Where the system is not Linux, or the process is not root's, this does nothing.
/// </summary>
static partial class FileOwner
{
    const int CurrentDirectory = -100;
    const int NoEntry = 2;

    // statx(2): the structure is the same on every architecture.
    const int NoFollow = 0x100;
    const uint OwnerAndGroup = 0x18;
    const int StatxSize = 256;
    const int UserOffset = 20;
    const int GroupOffset = 24;

    /// <summary>
    /// Gives a file to the daemon's user, if it is not his already. That is whose the spool's lock is, which every daemon opens first; the
    /// directory may be a volume of somebody else's, in which root works without the right to give files away.
    /// </summary>
    /// <param name="spool">A directory in which no daemon has been yet has no such user.</param>
    /// <exception cref="IOException">It cannot be given.</exception>
    public static void GiveToDaemon(string file, string spool)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;

        if (OwnerOf(Path.Combine(spool, DiskSpool.LockName)) is { User: not 0 } daemon && OwnerOf(file) != daemon && ChangeOwner(file, daemon.User, daemon.Group) != 0)
            throw Failure("chown", file);
    }

    /// <summary>Null when there is no such file.</summary>
    static (uint User, uint Group)? OwnerOf(string path)
    {
        var stat = new byte[StatxSize];
        if (Statx(CurrentDirectory, path, NoFollow, OwnerAndGroup, stat) == 0)
            return (BitConverter.ToUInt32(stat, UserOffset), BitConverter.ToUInt32(stat, GroupOffset));
        return Marshal.GetLastPInvokeError() == NoEntry ? null : throw Failure("statx", path);
    }

    static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, [Out] byte[] result);

    /// <summary>Of a link itself, so that nobody can put one in the place of a file and be given what it points to.</summary>
    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
