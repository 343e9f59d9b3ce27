using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Redaction;

/// <summary>Every attribute that the code sends is thought through, and SECURITY.md says what the code does.</summary>
sealed partial class AttributeRulesTests
{
    static readonly string[] EventNames = [LogAttributes.FlowEvent.Text, LogAttributes.AuditEvent.Text, LogAttributes.StreamEvent.Text, LogAttributes.WebhookEvent.Text];

    static IReadOnlyCollection<string> Emitted { get; } = [.. LogKeys().Concat(ResourceKeys()).Concat(DocumentedTags()).Concat(TagsInCode()).Concat(FlowMetricKey.RawAttributes).Distinct()];

    [Test]
    public void Every_attribute_that_is_sent_is_in_a_category_or_safe_with_a_reason()
    {
        Assert.That(Emitted, Has.Count.GreaterThan(90), "the patterns no longer fit the code");
        Assert.That(Emitted.Where(key => !AttributeRules.All.ContainsKey(key) && !SafeAttributes.Contains(key)), Is.Empty,
            "Say in AttributeRules to which category the attribute belongs, or in SafeAttributes why to none");
    }

    [Test]
    public void No_attribute_is_both()
    {
        Assert.That(AttributeRules.All.Keys.Where(SafeAttributes.Contains), Is.Empty);
        Assert.That(SafeAttributes.Groups.SelectMany(g => g.Keys), Is.Unique);
        Assert.That(SafeAttributes.Groups.All(g => g.Reason.Length > 10));
    }

    [Test]
    public void Every_category_is_a_row_of_the_table() =>
        Assert.That(Table.Keys, Is.EqualTo(new PiiFilterOptions().Switches().Select(s => s.Name)));

    [Test]
    public void The_table_names_every_attribute_that_a_category_takes_out()
    {
        var missing =
            from s in new PiiFilterOptions().Switches()
            from key in Emitted
            where AttributeRules.All.ContainsKey(key) && TakesOut(s.Category, key) && !Table[s.Name].Contains(key)
            select $"SECURITY.md, {s.Name}: {key}";

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_code_takes_out_every_attribute_that_the_table_names()
    {
        var unbacked =
            from s in new PiiFilterOptions().Switches()
            from key in Table[s.Name]
            where !TakesOut(s.Category, key)
            select $"SECURITY.md, {s.Name}: {key} stays";

        Assert.That(unbacked, Is.Empty);
    }

    static Dictionary<string, HashSet<string>> Table { get; } = SourceTree.Read("SECURITY.md").Split('\n')
        .Select(line => line.Split(" | "))
        .Where(cells => cells.Length == 3 && CategoryCell().IsMatch(cells[0]))
        .ToDictionary(cells => cells[0].Trim('|', ' ', '`'), cells => Keys(cells[1]).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether the category takes out some value of the attribute that is there for its name's sake.</summary>
    static bool TakesOut(PiiCategories category, string key)
    {
        var redactor = SomeFilter.Off(category);
        var isAddress = AttributeRules.Of(key).Kind is AttributeKind.Address or AttributeKind.NodeName or AttributeKind.NodeNameOrId;
        string[] values = isAddress ? ["100.64.1.1", "10.0.0.1", "8.8.8.8", "some-name"] : ["ada@example.com", "some text"];
        return values.Any(value => Enum.GetValues<SubjectKind>().Any(kind => redactor.Decide(key, Encoding.UTF8.GetBytes(value), new Subjects(kind, kind)) == Verdict.Remove));
    }

    static IEnumerable<string> LogKeys() =>
        typeof(LogAttributes).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => f.GetValue(null)).OfType<Utf8Name>().Select(n => n.Text).Except(EventNames);

    static IEnumerable<string> ResourceKeys() =>
        Tailscale2Otel.Export.Resource.ResourceAttributes.Build(new ResourceOptions { ServiceNamespace = "n", DeploymentEnvironment = "d" }, new SelfObservabilityOptions(), withVersion: true).Select(a => a.Key);

    /// <summary>The fourth column of the tables of metrics in docs/signals.md.</summary>
    static IEnumerable<string> DocumentedTags()
    {
        var text = SourceTree.Read("docs/signals.md");
        return text[text.IndexOf("\n## Metrics\n", StringComparison.Ordinal)..].Split('\n')
            .Select(line => line.Split(" | "))
            .Where(cells => cells.Length == 5 && cells[0].StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(cells => Keys(cells[3]));
    }

    /// <summary>What stands in the code as the name of a tag: of a key-value pair, and in the list of a counter family.</summary>
    static IEnumerable<string> TagsInCode() =>
        from file in SourceTree.Sources
        where file.Room is not ("Cli" or "Config" or "Demo") && !file.Path.EndsWith("TokenEndpoint.cs", StringComparison.Ordinal)
        from Match match in Tags().Matches(file.Text)
        from key in match.Groups["list"].Success ? Literals().Matches(match.Groups["list"].Value).Select(m => m.Groups["key"].Value) : [match.Groups["key"].Value]
        select key;

    static IEnumerable<string> Keys(string cell) => Backticks().Matches(cell).Select(m => m.Groups["key"].Value);

    [GeneratedRegex("""^\| `[a-z_]+`$""")]
    private static partial Regex CategoryCell();

    [GeneratedRegex("`(?<key>[a-z][a-z0-9_]*(?:[._][a-z0-9_]+)*)`")]
    private static partial Regex Backticks();

    [GeneratedRegex("""KeyValuePair<string, object\?>\("(?<key>[\w.]+)",|\[new\("(?<key>[\w.]+)",|meter, "[\w.]+", "[^"]+", "[^"]+",\s*\[(?<list>[^\]]*)\]""")]
    private static partial Regex Tags();

    [GeneratedRegex("\"(?<key>[\\w.]+)\"")]
    private static partial Regex Literals();
}
