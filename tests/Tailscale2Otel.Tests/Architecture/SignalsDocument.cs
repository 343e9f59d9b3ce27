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

    /// <summary>Each attribute of a part of the log records with its type: <c>tailscale.tailnet string</c>.</summary>
    /// <param name="part">Its heading.</param>
    public static IReadOnlyList<string> LogAttributes(string part) =>
        [.. AttributeRows().Matches(Section(part, "###")).Select(m => $"{m.Groups["name"].Value} {m.Groups["type"].Value}")];

    /// <summary>The first column of every table in a section of the second level.</summary>
    static List<string> FirstColumn(string section) => [.. Rows().Matches(Section(section)).Select(m => m.Groups["name"].Value)];

    /// <summary>From its heading to the next one that is not below it.</summary>
    static string Section(string section, string level = "##")
    {
        var text = SourceTree.Read("docs/signals.md");
        var start = text.IndexOf($"\n{level} {section}\n", StringComparison.Ordinal);
        if (start < 0)
            throw new InvalidOperationException($"docs/signals.md has no section {section}");
        var end = NextHeading().Matches(text, start + 1 + level.Length).FirstOrDefault(m => m.Groups["level"].Length <= level.Length)?.Index;
        return text[start..(end ?? text.Length)];
    }

    [GeneratedRegex("^(?<level>#{2,}) ", RegexOptions.Multiline)]
    private static partial Regex NextHeading();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<type>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex AttributeRows();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<kind>[CUGH]) \| `(?<unit>[^`]+)` \| [^|]+ \| (?<meaning>[^|]*\w[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex MetricRows();
}
