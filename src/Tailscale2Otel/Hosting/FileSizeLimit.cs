using System.Runtime.InteropServices;

namespace Tailscale2Otel.Hosting;

/// <summary>
/// A write beyond the process's limit for file sizes (<c>RLIMIT_FSIZE</c>, <c>ulimit -f</c>) raises SIGXFSZ, which ends a
/// process that does not take it. Taken, the write fails with EFBIG, and the spool treats it as a full disk.
/// </summary>
static class FileSizeLimit
{
    /// <summary>The number on Linux (x86, ARM, RISC-V, POWER) and macOS; .NET has no name for it and takes raw numbers.</summary>
    const PosixSignal FileSizeExceeded = (PosixSignal)25;

    static PosixSignalRegistration? _registration;

    public static void MakeItAnError()
    {
        if (!OperatingSystem.IsWindows())
            _registration ??= PosixSignalRegistration.Create(FileSizeExceeded, static context => context.Cancel = true);
    }
}
