using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>docs/signals.md as its tables say it.</summary>
static partial class SignalsDocument
{
    const string LogRecords = "Log records";
    const string Metrics = "Metrics";

    /// <summary>Event names and attribute keys of log records.</summary>
    public static IReadOnlyList<string> LogNames { get; } = FirstColumn(LogRecords);

    public static IReadOnlyList<string> MetricNames { get; } = FirstColumn(Metrics);

    /// <summary>Each metric with its kind and unit: <c>tailscale2otel.up G 1</c>.</summary>
    public static IReadOnlyList<string> MetricTypes { get; } =
        [.. MetricRows().Matches(Section(Metrics)).Select(m => $"{m.Groups["name"].Value} {m.Groups["kind"].Value} {m.Groups["unit"].Value}")];

    /// <summary>The first column of every table in a section of the second level.</summary>
    static List<string> FirstColumn(string section) => [.. Rows().Matches(Section(section)).Select(m => m.Groups["name"].Value)];

    static string Section(string section)
    {
        var text = SourceTree.Read("docs/signals.md");
        var start = text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        if (start < 0)
            throw new InvalidOperationException($"docs/signals.md has no section {section}");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<kind>[CUGH]) \| `(?<unit>[^`]+)` \| [^|]+ \| (?<meaning>[^|]*\w[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex MetricRows();
}
