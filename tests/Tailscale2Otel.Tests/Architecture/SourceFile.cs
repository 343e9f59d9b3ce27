using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tests.Architecture;

/// <param name="path">Relative to the project, with forward slashes.</param>
sealed partial class SourceFile(string path, string text)
{
    HashSet<string>? _words;

    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>First folder; empty for a file beside the project file.</summary>
    public string Room { get; } = path.Contains('/') ? path[..path.IndexOf('/')] : "";

    /// <summary>Folders without the file; empty for a file beside the project file.</summary>
    public string Folder { get; } = path.Contains('/') ? path[..path.LastIndexOf('/')] : "";

    /// <summary>File name without extension: <c>Type</c> or <c>Type.Concern</c>.</summary>
    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    public int Lines { get; } = text.AsSpan().Count('\n');

    /// <summary>The text without comments and without what string literals say.</summary>
    public string Code { get; } = Literals().Replace(Comments().Replace(text, ""), "\"\"");

    /// <summary>Names of the types declared directly in the namespace.</summary>
    public IReadOnlyList<string> Types { get; } = [.. TopLevelTypes().Matches(Comments().Replace(text, "")).Select(m => m.Groups["name"].Value)];

    /// <summary>Whether the word stands anywhere in the code.</summary>
    public bool Mentions(string word) => (_words ??= [.. Words().Matches(Code).Select(m => m.Value)]).Contains(word);

    [GeneratedRegex(@"^\s*//.*$|(?<=[;{}),])\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literals();

    // File-scoped namespaces are the rule, so that a declaration at the start of a line is a top-level one.
    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>?\[\]]+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelTypes();
}
