using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tests.Architecture;

/// <param name="Path">Relative to the project, with forward slashes.</param>
sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>First folder; empty for a file beside the project file.</summary>
    public string Room { get; } = Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";

    /// <summary>Folders without the file; empty for a file beside the project file.</summary>
    public string Folder { get; } = Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>File name without extension: <c>Type</c> or <c>Type.Concern</c>.</summary>
    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(Path);

    public int Lines { get; } = Text.AsSpan().Count('\n');

    /// <summary>The text without comments and without what string literals say.</summary>
    public string Code { get; } = Literals().Replace(Comments().Replace(Text, ""), "\"\"");

    /// <summary>Names of the types declared directly in the namespace.</summary>
    public IReadOnlyList<string> Types { get; } = [.. TopLevelTypes().Matches(Comments().Replace(Text, "")).Select(m => m.Groups["name"].Value)];

    /// <summary>Whether the word stands anywhere in the code.</summary>
    public bool Mentions(string word) => Regex.IsMatch(Code, $@"\b{Regex.Escape(word)}\b");

    [GeneratedRegex(@"^\s*//.*$|(?<=[;{}),])\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literals();

    // File-scoped namespaces are the rule, so that a declaration at the start of a line is a top-level one.
    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>?\[\]]+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelTypes();
}
