using System.Runtime.InteropServices;

namespace Tailscale2Otel.Tests.Faults;

/// <summary><c>RLIMIT_FSIZE</c> of a process that runs: how large it may make a file.</summary>
static partial class FileSizeLimit
{
    const int FileSize = 1;
    const ulong Unlimited = ulong.MaxValue;

    public static void Set(int process, ulong bytes) => Change(process, bytes);

    public static void Lift(int process) => Change(process, Unlimited);

    static void Change(int process, ulong bytes)
    {
        Limit limit = new(bytes, Unlimited);
        Assert.That(SetLimit(process, FileSize, limit, 0), Is.Zero, () => $"prlimit failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int SetLimit(int process, int resource, in Limit limit, nint old);

    readonly record struct Limit(ulong Soft, ulong Hard);
}
