using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Where figures come from: they mean nothing without it.</summary>
/// <param name="Commit">Of the daemon, as its build noted it.</param>
sealed record Machine(string Processor, int Cores, string Kernel, string Runtime, string Commit, DateTimeOffset At)
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

        // Those of the runtime and of packages are in it, too. All projects here have one version.
        var version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var commit = Regex.Match(Encoding.Latin1.GetString(File.ReadAllBytes(executable)), $@"(?<![\d.]){Regex.Escape(version)}\+([0-9a-f]{{40}})");
        return commit.Success ? commit.Groups[1].Value : "unknown";
    }

    public override string ToString() => $"{Processor}, {Cores} cores, {Kernel}, {Runtime}, commit {Commit}";
}
