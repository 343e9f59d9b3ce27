using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Documents;

/// <summary>A reader who follows a link arrives.</summary>
[TestFixture]
public sealed class DocumentLinksTests
{
    static readonly string[] Roots = ["docs", "deploy", "tests", "src"];

    static IEnumerable<string> Paths =>
        Directory.EnumerateFiles(SourceTree.Root, "*.md")
            .Concat(Roots.Select(r => Path.Combine(SourceTree.Root, r)).SelectMany(r => Directory.EnumerateFiles(r, "*.md", SearchOption.AllDirectories)))
            .Select(f => Path.GetRelativePath(SourceTree.Root, f))
            .Where(f => !f.Split('/').Intersect(["node_modules", "obj", "bin"]).Any());

    [Test]
    public void Every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading()
    {
        var pages = Paths.ToDictionary(p => p, MarkdownPage.Load);

        Violations.None(
            from page in pages.Values
            from link in page.Links
            where !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Arrives(pages, page, link.Target)
            select $"{page.Path}:{link.Line}: {link.Target}");
    }

    [Test]
    public void Every_page_of_docs_is_linked_from_the_readme()
    {
        var linked = MarkdownPage.Load("README.md").Links.Select(l => l.Target.Split('#')[0]).ToHashSet();

        Assert.That(Paths.Where(p => p.StartsWith("docs/", StringComparison.Ordinal) && !linked.Contains(p)), Is.Empty);
    }

    [TestCase("Spool, deduplication, dead letters", "spool-deduplication-dead-letters")]
    [TestCase("`tailscale.network.flow`", "tailscalenetworkflow")]
    [TestCase("What is kept, and what not?", "what-is-kept-and-what-not")]
    public void An_anchor_is_what_the_forge_makes_of_the_heading(string heading, string anchor) => Assert.That(MarkdownPage.Anchor(heading), Is.EqualTo(anchor));

    static bool Arrives(Dictionary<string, MarkdownPage> pages, MarkdownPage from, string target)
    {
        var (file, anchor) = target.Split('#') is [var f, var a] ? (f, a) : (target, "");
        var path = file.Length == 0 ? from.Path : Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(from.Path)!, file)));
        var full = Path.Combine(SourceTree.Root, path);
        return (File.Exists(full) || Directory.Exists(full)) && (anchor.Length == 0 || (pages.TryGetValue(path, out var page) && page.Anchors.Contains(anchor)));
    }
}
