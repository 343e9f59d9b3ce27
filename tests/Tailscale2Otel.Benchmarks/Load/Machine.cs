using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Where figures come from: they mean nothing without it.</summary>
/// <param name="Commit">Of the daemon, as its build noted it.</param>
sealed partial record Machine(string Processor, int Cores, string Kernel, string Runtime, string Commit, DateTimeOffset At)
{
    public static Machine Of(string executable)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown";
        return new Machine(
            processor,
            Environment.ProcessorCount,
            $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
            RuntimeInformation.FrameworkDescription,
            CommitOf(executable),
            TimeProvider.System.GetUtcNow());
    }

    /// <summary>Behind the version: of the assembly beside the executable, or, where that is native code, of what is in it of the assembly.</summary>
    static string CommitOf(string executable)
    {
        var assembly = Path.ChangeExtension(executable, ".dll");
        if (File.Exists(assembly))
            return FileVersionInfo.GetVersionInfo(assembly).ProductVersion?.Split('+')[^1] ?? "unknown";

        var commit = InformationalVersion().Match(Encoding.Latin1.GetString(File.ReadAllBytes(executable)));
        return commit.Success ? commit.Groups[1].Value : "unknown";
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+\+([0-9a-f]{40})")]
    private static partial Regex InformationalVersion();

    public override string ToString() => $"{Processor}, {Cores} cores, {Kernel}, {Runtime}, commit {Commit}";
}
