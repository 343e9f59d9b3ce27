using System.Text.RegularExpressions;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>
/// The walls between the rooms. Two lines of the table are the design: Ingest does not know Processing, and Processing does not
/// know Export; only Hosting sees both sides.
/// </summary>
[TestFixture]
public sealed class RoomsTests
{
    static readonly Dictionary<string, string[]> MayMention = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Compression"] = [],
        ["Diagnostics"] = ["Model"],
        ["Redaction"] = ["Model"],
        ["Tailscale"] = ["Model", "Diagnostics"],
        ["Spool"] = ["Model", "Diagnostics", "Redaction"],
        ["Ingest"] = ["Model", "Spool", "Tailscale", "Compression", "Diagnostics"],
        ["Enrichment"] = ["Model", "Diagnostics"],
        ["Processing"] = ["Model", "Enrichment", "Diagnostics", "Redaction"],
        ["Export"] = ["Model", "Compression", "Diagnostics", "Redaction"],
        ["Config"] = ["Model"],
        ["Admin"] = ["Model", "Diagnostics", "Config", "Processing"],
    };

    /// <summary>They put the rooms together: the composition, the command line and the demo. The empty name is Program.cs.</summary>
    static readonly string[] MayMentionEverything = ["Hosting", "Cli", "Demo", ""];

    /// <summary>Nobody but these may mention the rooms that put everything together.</summary>
    static readonly string[] Composers = ["Hosting", "Cli", "Demo"];

    static IEnumerable<string> Rooms => SourceTree.Sources.Select(f => f.Room).Distinct();

    [Test]
    public void Every_folder_is_a_room_of_the_table()
    {
        var unknown = Rooms.Where(r => !MayMention.ContainsKey(r) && !MayMentionEverything.Contains(r));

        Assert.That(unknown, Is.Empty, "A new room needs a line in the table of RoomsTests");
    }

    [Test]
    public void A_room_mentions_only_the_rooms_it_may()
    {
        var broken = SourceTree.Sources
            .Where(file => MayMention.ContainsKey(file.Room))
            .SelectMany(file => Mentioned(file)
                .Where(room => room != file.Room && !MayMention[file.Room].Contains(room))
                .Select(room => $"{file.Room} may not mention {room}: {file.Path}"));

        Violations.None(broken);
    }

    [Test]
    public void A_file_stands_in_the_namespace_of_its_folder()
    {
        var broken = SourceTree.Sources
            .Where(file => file.Types.Count > 0)
            .Where(file => !file.Text.Contains($"\nnamespace {Namespace(file)};", StringComparison.Ordinal)
                && !file.Text.StartsWith($"namespace {Namespace(file)};", StringComparison.Ordinal))
            .Select(file => $"{file.Path} should be in {Namespace(file)}");

        Violations.None(broken);
    }

    [TestCase("using Tailscale2Otel.Spool;", "Spool")]
    [TestCase("using static Tailscale2Otel.Spool.Frames;", "Spool")]
    [TestCase("var reader = new Tailscale2Otel.Spool.Reader();", "Spool")]
    [TestCase("var options = new Export.DeliveryOptions();", "Export")]
    [TestCase("using Tailscale2Otel.Hosting;", "Hosting")]
    public void A_mention_is_seen_in_every_spelling(string line, string room) =>
        Assert.That(Mentioned(new SourceFile("Processing/Some.cs", line)), Does.Contain(room));

    [TestCase("// using Tailscale2Otel.Spool;")]
    [TestCase("/// <see cref=\"Tailscale2Otel.Spool.ISpool\"/>")]
    [TestCase("var text = \"Tailscale2Otel.Spool\";")]
    [TestCase("var length = Export.Length;")]
    [TestCase("var options = settings.Export.DeliveryOptions;")]
    public void What_only_looks_like_a_mention_is_not_one(string line) =>
        Assert.That(Mentioned(new SourceFile("Processing/Some.cs", line)), Is.Empty);

    static string Namespace(SourceFile file) => "Tailscale2Otel" + (file.Folder.Length == 0 ? "" : "." + file.Folder.Replace('/', '.'));

    static IEnumerable<string> Mentioned(SourceFile file) => MayMention.Keys.Concat(Composers).Where(room => Mentions(file, room));

    static bool Mentions(SourceFile file, string room)
    {
        if (Regex.IsMatch(file.Code, $@"\bTailscale2Otel\.{room}\b"))
            return true;

        // Without the prefix a name is looked up from the file's own namespace: `Export.DeliveryOptions` is a mention of the room,
        // `Export.Length` is a property of something called Export.
        return Regex.Matches(file.Code, $@"(?<![\w.]){room}\.(?<rest>[\w.]+)")
            .Any(m => m.Groups["rest"].Value.Split('.').Any(part => TypesOf(room).Contains(part)));
    }

    static HashSet<string> TypesOf(string room) => [.. SourceTree.Sources.Where(f => f.Room == room).SelectMany(f => f.Types)];
}
