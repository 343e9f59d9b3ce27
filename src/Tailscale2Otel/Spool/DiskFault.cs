namespace Tailscale2Otel.Spool;

/// <summary>What a failed disk operation means for whoever wanted to append.</summary>
static class DiskFault
{
    /// <summary>EROFS.</summary>
    public const int ReadOnlyFileSystem = 30;

    const int NoSpace = 28;
    const int FileTooLarge = 27;
    const int LinuxQuota = 122;
    const int WindowsDiskFull = unchecked((int)0x80070070);
    const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>On Unix, .NET puts errno into <see cref="Exception.HResult"/>.</summary>
    public static AppendOutcome OutcomeOf(IOException fault) =>
        fault.HResult is NoSpace or FileTooLarge or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull
            ? AppendOutcome.Full
            : AppendOutcome.Unavailable;

    /// <summary>.NET reports EFBIG as a bad argument and EACCES, EPERM and EBADF as a missing right: both are the disk's answer here.</summary>
    public static bool IsFromDisk(Exception fault) => fault is UnauthorizedAccessException or ArgumentOutOfRangeException;

    public static IOException AsIOException(Exception fault) =>
        new(fault is ArgumentOutOfRangeException ? "the file would exceed the process's limit for file sizes" : fault.Message,
            fault is ArgumentOutOfRangeException ? FileTooLarge : fault.HResult);
}
