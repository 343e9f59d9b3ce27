using System.Globalization;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>What the system says of a process: proc(5).</summary>
static class ProcessUsage
{
    const double TicksPerSecond = 100;

    /// <summary>User and system seconds so far: fields 14 and 15 of /proc/PID/stat.</summary>
    public static (double User, double System) Processor(int id)
    {
        var fields = File.ReadAllText($"/proc/{id}/stat").Split(") ")[1].Split(' ');
        return (Seconds(fields[11]), Seconds(fields[12]));
    }

    /// <summary>A size of /proc/PID/status: VmHWM is the largest resident size so far, VmRSS the present one, RssAnon its part that is not of files.</summary>
    public static double Mebibytes(int id, string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith($"{name}:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Seconds that all processes took together: the first line of /proc/stat without idle and waiting.</summary>
    public static double Machine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Seconds(fields[1]) + Seconds(fields[2]) + Seconds(fields[3]) + Seconds(fields[6]) + Seconds(fields[7]);
    }

    static double Seconds(string ticks) => long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond;
}
