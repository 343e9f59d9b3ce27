namespace Tailscale2Otel.Tests.Architecture;

/// <summary>How large a file may be and what stands in it.</summary>
[TestFixture]
public sealed class FileSizeTests
{
    const int Stop = 300;

    /// <summary>Readers, decoders and writers of a wire format are read beside their specification, top to bottom.</summary>
    const int WireStop = 500;

    static readonly string[] WireSuffixes = ["Writer", "Decoder", "Reader"];

    static readonly Dictionary<string, string> AnySize = new(StringComparer.Ordinal)
    {
    };

    /// <summary>Folders named after a kind of type, which is where code goes that nobody found a place for.</summary>
    static readonly string[] BannedFolders =
    [
        "Utils", "Util", "Utilities", "Common", "Helpers", "Helper", "Services", "Interfaces", "Implementation", "Implementations",
        "Extensions", "Misc", "Shared", "Core", "Managers",
    ];

    [Test]
    public void A_source_file_is_short_enough_to_read_in_one_go()
    {
        var broken = SourceTree.Sources
            .Where(file => !AnySize.ContainsKey(file.Path) && file.Lines > StopOf(file))
            .Select(file => $"{file.Path} has {file.Lines} lines, {StopOf(file)} is the stop");

        Violations.None(broken);
    }

    [Test]
    public void An_exception_from_the_size_is_still_needed() =>
        Assert.That(AnySize.Keys.Where(path => SourceTree.Sources.All(f => f.Path != path || f.Lines <= StopOf(f))), Is.Empty);

    [Test]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        var broken = SourceTree.Sources.Concat(SourceTree.Tests)
            .Where(file => file.Types.Count > 0)
            .Where(file => file.Types.Count > 1 || file.Types[0] != file.Name.Split('.')[0])
            .Select(file => $"{file.Path} declares {string.Join(", ", file.Types)}");

        Violations.None(broken);
    }

    [Test]
    public void A_folder_is_named_after_a_step_or_a_protocol()
    {
        var broken = SourceTree.Sources.Concat(SourceTree.Tests)
            .Where(file => file.Folder.Split('/').Intersect(BannedFolders, StringComparer.OrdinalIgnoreCase).Any())
            .Select(file => file.Path);

        Violations.None(broken);
    }

    [TestCase("sealed class Some\n{\n}\nsealed class Other;\n", "Some,Other")]
    [TestCase("public readonly record struct Some(int X);\nenum Other\n{\n}\n", "Some,Other")]
    [TestCase("static partial class Some\n{\n    sealed class Nested;\n}\n", "Some")]
    [TestCase("// class Gone\ninterface ISome;\n", "ISome")]
    public void Types_of_a_file_are_counted_at_the_top_level(string text, string expected) =>
        Assert.That(string.Join(",", new SourceFile("Model/Some.cs", text).Types), Is.EqualTo(expected));

    static int StopOf(SourceFile file)
    {
        var name = file.Name.Split('.')[0];
        return WireSuffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal)) || file.Folder.StartsWith("Export/Otlp/Wire", StringComparison.Ordinal)
            ? WireStop
            : Stop;
    }
}
