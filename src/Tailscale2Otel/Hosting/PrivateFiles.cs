using System.Runtime.InteropServices;

namespace Tailscale2Otel.Hosting;

/// <summary>What the daemon writes holds audit records: nobody else on the machine needs to read it, whoever made the directory.</summary>
static partial class PrivateFiles
{
    /// <summary>Files and directories that this process creates from now on are its user's alone: umask(2). Nothing on Windows.</summary>
    public static void Ask()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(Convert.ToUInt32("077", 8));
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
