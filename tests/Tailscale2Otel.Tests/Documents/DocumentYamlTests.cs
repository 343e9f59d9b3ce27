using System.Text.RegularExpressions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Documents;

/// <summary>What a document shows of a configuration can be pasted: its keys exist and its values are allowed.</summary>
[TestFixture]
public sealed partial class DocumentYamlTests
{
    static IEnumerable<string> Pages => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md").Select(f => Path.GetRelativePath(SourceTree.Root, f)).Append("README.md").Order(StringComparer.Ordinal);

    [Test]
    public void Every_block_of_yaml_is_a_configuration()
    {
        using var folder = new TemporaryFolder();
        var blocks = Pages.Select(MarkdownPage.Load).SelectMany(p => p.Blocks.Where(b => b.Language == "yaml").Select(b => (p.Path, b.Code, b.Line))).ToList();

        Assert.That(blocks, Is.Not.Empty);
        Violations.None(
            from block in blocks
            from error in ErrorsOf(folder, block.Code)
            select $"{block.Path}:{block.Line}: {error}");
    }

    /// <summary>The files that it names are the reader's; here each holds its own name.</summary>
    static IEnumerable<string> ErrorsOf(TemporaryFolder folder, string code)
    {
        var path = folder.File("block.yaml");
        File.WriteAllText(path, code.Replace("/run/secrets/", "", StringComparison.Ordinal));
        foreach (Match secret in SecretFiles().Matches(code))
            File.WriteAllText(folder.File(secret.Groups["name"].Value), secret.Groups["name"].Value);
        return new ConfigLoader(OptionTypes.Schema).Load(path, new Dictionary<string, string>()).Errors.Select(e => e.ToString());
    }

    [GeneratedRegex("_file: (?:/run/secrets/)?(?<name>[a-z-]+)")]
    private static partial Regex SecretFiles();
}
