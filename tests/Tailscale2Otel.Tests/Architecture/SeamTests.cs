using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>An interface is a promise that there are several: one with a single implementation is only a detour.</summary>
[TestFixture]
public sealed partial class SeamTests
{
    static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["ISpool"] = "the one seam for scale: the embedded file spool today, a replicated one with the same contract later",
    };

    static IEnumerable<(string Name, string Path)> Interfaces =>
        from file in SourceTree.Sources
        from Match match in InterfaceDeclarations().Matches(file.Code)
        select (match.Groups["name"].Value, file.Path);

    static IReadOnlyList<(string Type, string Bases)> Implementations { get; } =
    [
        .. from file in SourceTree.Sources
           from Match match in TypeHeaders().Matches(file.Code)
           select (match.Groups["name"].Value, match.Groups["bases"].Value),
    ];

    [Test]
    public void An_interface_has_several_implementations()
    {
        var broken = Interfaces
            .Where(i => !Allowed.ContainsKey(i.Name))
            .Select(i => (i.Name, i.Path, Types: ImplementationsOf(i.Name)))
            .Where(i => i.Types.Length < 2)
            .Select(i => $"{i.Name} ({i.Path}) is implemented by {(i.Types.Length == 0 ? "nothing" : string.Join(", ", i.Types))}");

        Violations.None(broken, "Use the class itself, or say in SeamTests why the seam is needed");
    }

    [Test]
    public void An_exception_is_still_needed()
    {
        var stale = Allowed.Keys.Where(name => Interfaces.All(i => i.Name != name) || ImplementationsOf(name).Length > 1);

        Assert.That(stale, Is.Empty);
    }

    static string[] ImplementationsOf(string name) =>
        [.. Implementations.Where(t => Regex.IsMatch(t.Bases, $@"\b{name}\b")).Select(t => t.Type).Distinct()];

    [GeneratedRegex(@"\binterface\s+(?<name>I\w+)")]
    private static partial Regex InterfaceDeclarations();

    // A primary constructor may stand between the name and the bases; base types end at the body, a constraint or a semicolon.
    [GeneratedRegex(@"\b(?:class|struct|record)\s+(?<name>[A-Z]\w*)(?:<[^>]*>)?\s*(?:\((?>[^()]+|\((?<depth>)|\)(?<-depth>))*(?(depth)(?!))\))?\s*:\s*(?<bases>[^{;]*)")]
    private static partial Regex TypeHeaders();
}
