using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Skips a test, visibly, where a tool that it runs is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class NeedsAttribute(params string[] tools) : NUnitAttribute, IApplyToTest
{
    /// <summary>As PATH, but what a folder of the tests installs, in the version that it names, comes before the machine's own.</summary>
    public static string SearchPath { get; } = string.Join(
        Path.PathSeparator,
        Path.Combine(SourceTree.Root, "tests", "Tailscale2Otel.Tests", "Deploy", "helm", "node_modules", ".bin"),
        Environment.GetEnvironmentVariable("PATH") ?? "");

    public void ApplyToTest(NUnit.Framework.Internal.Test test)
    {
        var missing = tools.FirstOrDefault(t => Find(t) is null);
        if (missing is null || test.RunState == RunState.NotRunnable)
            return;

        test.RunState = RunState.Skipped;
        test.Properties.Set(PropertyNames.SkipReason, $"{missing} is not installed");
    }

    public static string? Find(string tool) =>
        SearchPath.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);
}
