using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Skips a test, visibly, where a tool that it runs is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class NeedsAttribute(params string[] tools) : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(NUnit.Framework.Internal.Test test)
    {
        var missing = tools.FirstOrDefault(t => Find(t) is null);
        if (missing is null || test.RunState == RunState.NotRunnable)
            return;

        test.RunState = RunState.Skipped;
        test.Properties.Set(PropertyNames.SkipReason, $"{missing} is not installed");
    }

    public static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);
}
