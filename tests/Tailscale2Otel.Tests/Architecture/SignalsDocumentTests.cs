using System.Reflection;
using System.Text.RegularExpressions;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>docs/signals.md says what the code sends, no more and no less.</summary>
[TestFixture]
public sealed partial class SignalsDocumentTests
{
    /// <summary>Names that the code puts together from a prefix and a suffix.</summary>
    static readonly string[] Composed =
    [
        "tailscale.network.io", "tailscale.network.packets", "tailscale.network.io.rollup", "tailscale.network.packets.rollup",
        "tailscale.exit_node.io", "tailscale.exit_node.packets",
    ];

    /// <summary>Event names and attribute keys.</summary>
    internal static IEnumerable<string> DeclaredLogNames =>
        typeof(LogAttributes).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => f.GetValue(null)).OfType<Utf8Name>().Select(n => n.Text);

    static IEnumerable<string> Instruments =>
        from file in SourceTree.Sources
        from Match match in InstrumentNames().Matches(file.Text)
        select match.Groups["name"].Value;

    [Test]
    public void Every_key_and_event_of_a_log_record_is_documented_once_and_nothing_else() =>
        Assert.That(SignalsDocument.LogNames, Is.EquivalentTo(DeclaredLogNames));

    [Test]
    public void Every_instrument_is_documented() =>
        Assert.That(Instruments.Distinct().Except(SignalsDocument.MetricNames), Is.Empty);

    [Test]
    public void Every_documented_metric_is_in_the_code()
    {
        var literals = SourceTree.Sources.SelectMany(f => Literals().Matches(f.Text).Select(m => m.Groups["text"].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.That(SignalsDocument.MetricNames.Except(Composed).Where(name => !literals.Contains(name)), Is.Empty);
    }

    [Test]
    public void No_metric_is_documented_twice() => Assert.That(SignalsDocument.MetricNames, Is.Unique);

    [Test]
    public void The_code_has_instruments_at_all() => Assert.That(Instruments.Count(), Is.GreaterThan(30), "the pattern no longer fits how instruments are made");

    // CreateCounter<long>("name", …) and anything that takes the meter, the name and a unit.
    [GeneratedRegex("""(?:\bCreate(?:Observable)?(?:Counter|UpDownCounter|Gauge|Histogram)(?:<\w+>)?\(\s*"(?<name>[\w.]+)")|(?:[mM]eter,\s*"(?<name>[\w.]+)",\s*"[^".]+")""")]
    private static partial Regex InstrumentNames();

    [GeneratedRegex("\"(?<text>[\\w.]+)\"")]
    private static partial Regex Literals();
}
