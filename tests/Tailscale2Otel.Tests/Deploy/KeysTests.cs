using System.Text.RegularExpressions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>No file under deploy/ names a setting that is not there.</summary>
[TestFixture]
sealed partial class KeysTests
{
    static readonly KnownKeys Known = new(OptionTypes.Schema.Keys.Values, []);

    static IEnumerable<string> Sections => Known.All.Where(k => k.Name.Contains('.', StringComparison.Ordinal)).Select(k => k.Name.Split('.')[0]).Distinct();

    [Test]
    public void Every_variable_is_one()
    {
        var named = DeployFile.All().SelectMany(f => Variables().Matches(f.Text).Select(m => (f.Name, Variable: m.Value))).ToList();

        Assert.That(named, Is.Not.Empty);
        Violations.None(named
            .Where(n => n.Variable != VariableName.ConfigFile && Known.Find(VariableName.ToKey(n.Variable)) is null)
            .Select(n => $"deploy/{n.Name}: {n.Variable} sets nothing"));
    }

    [Test]
    public void Every_key_that_a_page_or_a_comment_names_is_one()
    {
        var named = DeployFile.All()
            .Where(f => !f.Name.Contains("templates", StringComparison.Ordinal) && Path.GetExtension(f.Name) is ".md" or ".yaml" or ".service")
            .SelectMany(f => Keys().Matches(f.Text).Select(m => (f.Name, Key: m.Value)))
            .Where(n => Sections.Contains(n.Key.Split('.')[0]))
            .ToList();

        Assert.That(named, Is.Not.Empty);
        Violations.None(named
            .Where(n => Known.Find(n.Key) is null && !Known.IsSection(n.Key))
            .Select(n => $"deploy/{n.Name}: {n.Key} is no key"));
    }

    [GeneratedRegex("TS2OTEL_[A-Z0-9_]+")]
    private static partial Regex Variables();

    /// <summary>Names with dots that are neither part of a path, an address or a longer name, nor an example's.</summary>
    [GeneratedRegex(@"(?<![\w./:-])[a-z_]+(?:\.[a-z_]+)+(?![\w./-])(?<!\.(?:md|yaml|com|service))")]
    private static partial Regex Keys();
}
