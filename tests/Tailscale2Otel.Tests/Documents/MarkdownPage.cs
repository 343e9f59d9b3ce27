using System.Text;
using System.Text.RegularExpressions;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Documents;

/// <summary>As much of a Markdown file as the tests ask about: headings, links, fenced blocks.</summary>
sealed partial class MarkdownPage
{
    readonly List<string> _headings = [];

    MarkdownPage(string path, string text)
    {
        Path = path;
        Read(text.Split('\n'));
    }

    /// <summary>From the repository's root.</summary>
    public string Path { get; }

    public List<ShellBlock> Shell { get; } = [];

    /// <summary>All fenced blocks; the language is empty where none is named.</summary>
    public List<(string Language, string Code, int Line)> Blocks { get; } = [];

    /// <summary>Targets with the line that they stand in.</summary>
    public List<(string Target, int Line)> Links { get; } = [];

    /// <summary>What a link can name behind <c>#</c>, as GitHub makes it of headings.</summary>
    public HashSet<string> Anchors => [.. _headings.Select(Anchor).GroupBy(a => a).SelectMany(g => g.Select((a, i) => i == 0 ? a : $"{a}-{i}"))];

    public static MarkdownPage Load(string path) => new(path, SourceTree.Read(path));

    /// <summary>Lower case; letters, digits, hyphens and underscores stay; blanks become hyphens.</summary>
    public static string Anchor(string heading) => string.Concat(heading.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c)));

    void Read(string[] lines)
    {
        var (section, mark) = ("", "");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (Fence().Match(line) is { Success: true } fence)
            {
                var first = i + 2;
                i = ReadBlock(lines, i, fence, out var code);
                Blocks.Add((fence.Groups["language"].Value, code, first));
                if (fence.Groups["language"].Value == "sh")
                    Shell.Add(new ShellBlock(first, section, code, mark));
                mark = "";
                continue;
            }

            if (Heading().Match(line) is { Success: true } heading)
            {
                _headings.Add(heading.Groups["text"].Value);
                if (heading.Groups["level"].Length == 2)
                    section = heading.Groups["text"].Value;
            }

            mark = Comment().Match(line) is { Success: true } comment ? comment.Groups["text"].Value : "";
            if (!line.StartsWith("    ", StringComparison.Ordinal))
                Links.AddRange(Link().Matches(Code().Replace(line, "")).Select(m => (m.Groups["target"].Value, i + 1)));
        }
    }

    /// <summary>The index of the closing fence.</summary>
    static int ReadBlock(string[] lines, int start, Match fence, out string code)
    {
        var text = new StringBuilder();
        var indent = fence.Groups["indent"].Value;
        var end = start + 1;
        for (; end < lines.Length && lines[end].Trim() != "```"; end++)
            text.Append(lines[end].StartsWith(indent, StringComparison.Ordinal) ? lines[end][indent.Length..] : lines[end]).Append('\n');
        code = text.ToString();
        return end;
    }

    [GeneratedRegex(@"^(?<indent> *)```(?<language>\w*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?<level>#{1,6}) (?<text>.+?)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*<!-- (?<text>.*?) -->\s*$")]
    private static partial Regex Comment();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
