using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Where figures come from: they mean nothing without it.</summary>
/// <param name="Commit">Of the daemon, as its build noted it.</param>
sealed record Machine(string Processor, int Cores, string Kernel, string Runtime, string Commit, DateTimeOffset At)
{
    public static Machine Of(string executable)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown";
        var version = FileVersionInfo.GetVersionInfo(Path.ChangeExtension(executable, ".dll")).ProductVersion ?? "unknown";
        return new Machine(
            processor,
            Environment.ProcessorCount,
            $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
            RuntimeInformation.FrameworkDescription,
            version.Split('+')[^1],
            TimeProvider.System.GetUtcNow());
    }

    public override string ToString() => $"{Processor}, {Cores} cores, {Kernel}, {Runtime}, commit {Commit}";
}
