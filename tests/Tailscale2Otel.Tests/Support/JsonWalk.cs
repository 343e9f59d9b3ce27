using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// The yardstick of cost: reading JSON token by token and doing nothing with it. What the daemon takes is measured as a
/// multiple of this over the same bytes in the same run, so that the machine's speed and its other work cancel out. Both are
/// processor time as the system accounts for it, not time that passes.
/// </summary>
static class JsonWalk
{
    /// <summary>Each once more when the last was too short to be measured.</summary>
    static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(150);

    /// <summary>Processor time of reading all of it once.</summary>
    public static TimeSpan Time(IReadOnlyList<byte[]> documents) => Time(() =>
    {
        foreach (var document in documents)
            Walk(document);
    });

    /// <summary>Processor time that this thread takes for one call; one call goes before.</summary>
    public static TimeSpan Time(Action action)
    {
        action();
        var (before, calls) = (Thread(), 0);
        TimeSpan taken;
        do
        {
            action();
            calls++;
            taken = Thread() - before;
        }
        while (taken < Enough);
        return taken / calls;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    static void Walk(byte[] document)
    {
        // Bodies are documents one behind the other.
        var reader = new Utf8JsonReader(document, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
        }
    }

    /// <summary>Nanoseconds on a processor: the first field of /proc/self/task/TID/schedstat, which ticks have brought up to date.</summary>
    static TimeSpan Thread() =>
        TimeSpan.FromTicks(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
