namespace Tailscale2Otel.Tests.Support;

/// <summary>Bytes that the calling thread allocates, whatever other tests do meanwhile.</summary>
static class Allocations
{
    const int Times = 5;

    public static long Of(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Does it five times, of which the least counts: the runtime allocates for itself now and then, as it compiles.</summary>
    public static long Least(Action action) => Enumerable.Range(0, Times).Min(_ => Of(action));
}
