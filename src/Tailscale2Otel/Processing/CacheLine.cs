using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tailscale2Otel.Processing;

/// <summary>Hints for the processor's cache, for tables that are larger than it.</summary>
static class CacheLine
{
    /// <summary>Begins to fetch what will be looked at soon, where the processor has an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref readonly T place)
        where T : unmanaged
    {
        // A hint may point anywhere: that the collector may move the place meanwhile does no harm.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }
}
