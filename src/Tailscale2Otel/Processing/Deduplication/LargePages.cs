using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Tables that are looked up all over: with pages of 4 KiB the processor would have to find out for nearly each look-up where the page
/// is. Where the kernel leaves the choice to programs (<c>/sys/kernel/mm/transparent_hugepage/enabled</c> is <c>madvise</c>), it is asked
/// for pages of 2 MiB; elsewhere, and where it has none to give, they are as usual.
/// </summary>
static partial class LargePages
{
    /// <summary>linux/include/uapi/asm-generic/mman-common.h.</summary>
    const int AdviseHugePage = 14;

    const int PageSize = 2 * 1024 * 1024;

    /// <summary>Larger tables are for windows that may stay far from full, and a few keys in many large pages would take all of them.</summary>
    const int LargestAdvised = 64 * 1024 * 1024;

    /// <summary>An array of zeros. It is never moved, so that what was asked for its place stays true.</summary>
    public static unsafe T[] Allocate<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateArray<T>(length, pinned: true);
        var bytes = (long)length * sizeof(T);
        if (!OperatingSystem.IsLinux() || bytes is < 2 * PageSize or > LargestAdvised)
            return array;

        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        var first = (start + PageSize - 1) & ~(nuint)(PageSize - 1);
        var end = (start + (nuint)bytes) & ~(nuint)(PageSize - 1);
        _ = Advise((void*)first, end - first, AdviseHugePage);
        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(void* start, nuint length, int advice);
}
