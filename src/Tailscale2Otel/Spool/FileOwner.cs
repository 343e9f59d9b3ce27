using System.Runtime.InteropServices;

namespace Tailscale2Otel.Spool;

/// <summary>
/// A command that root runs beside a daemon of another user must leave no file that the daemon cannot open. .NET knows neither
/// owners nor chown. Where the system is not Linux, or the process is not root's, this does nothing.
/// </summary>
static partial class FileOwner
{
    const int CurrentDirectory = -100;
    const uint OwnerAndGroup = 0x18;

    // statx(2): the structure is the same on every architecture.
    const int StatxSize = 256;
    const int UserOffset = 20;
    const int GroupOffset = 24;

    /// <summary>Gives the file to whom the directory belongs.</summary>
    /// <exception cref="IOException">It cannot be given.</exception>
    public static void Inherit(string file, string directory)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;

        var stat = new byte[StatxSize];
        if (Statx(CurrentDirectory, directory, 0, OwnerAndGroup, stat) != 0)
            throw Failure("statx", directory);

        var user = BitConverter.ToUInt32(stat, UserOffset);
        var group = BitConverter.ToUInt32(stat, GroupOffset);
        if (user != 0 && Chown(file, user, group) != 0)
            throw Failure("chown", file);
    }

    static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, [Out] byte[] result);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, uint user, uint group);
}
