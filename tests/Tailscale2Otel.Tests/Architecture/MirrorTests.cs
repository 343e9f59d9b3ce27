namespace Tailscale2Otel.Tests.Architecture;

/// <summary>Tests stand where their subject stands, so that neither has to be searched for.</summary>
[TestFixture]
public sealed class MirrorTests
{
    /// <summary>Above this a file does something that a test can ask about; below are records, options and seams.</summary>
    const int TrivialLines = 60;

    static readonly Dictionary<string, string> WithoutSubject = new(StringComparer.Ordinal)
    {
    };

    static readonly Dictionary<string, string> WithoutTests = new(StringComparer.Ordinal)
    {
        ["Compression/Libzstd.cs"] = "declarations of another library's functions; ZstdStreamTests calls them all",
        ["Demo/Simulation/AuditRecordWriter.cs"] = "SimulatedTailnetTests asks what it wrote",
        ["Demo/Simulation/FlowRecordWriter.cs"] = "SimulatedTailnetTests asks what it wrote",
        ["Model/LogAttributes.cs"] = "names; SignalsDocumentTests holds them against the document",
        ["Processing/Flow/FlowConnection.cs"] = "a record without behaviour",
    };

    static HashSet<string> Rooms => [.. SourceTree.Sources.Where(f => f.Room.Length > 0).Select(f => f.Room)];

    [Test]
    public void A_test_of_a_room_has_its_subject_in_the_mirrored_folder()
    {
        var subjects = SourceTree.Sources.Select(f => f.Folder + "/" + f.Name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var broken = SourceTree.Tests
            .Where(test => Rooms.Contains(test.Room) && Subject(test) is not null && !WithoutSubject.ContainsKey(test.Path))
            .Where(test => !subjects.Contains(test.Folder + "/" + Subject(test)))
            .Select(test => $"{test.Path} has no {test.Folder}/{Subject(test)}.cs");

        Assert.That(broken, Is.Empty, "Move the test, rename it after its subject, or say in MirrorTests what it is about");
    }

    [Test]
    public void A_source_file_that_does_something_is_asked_about_by_a_test_of_its_room()
    {
        var broken = SourceTree.Sources
            .Where(file => file.Room.Length > 0 && file.Types.Count > 0 && file.Lines > TrivialLines && !WithoutTests.ContainsKey(file.Path))
            .Where(file => !HasItsOwnTests(file) && !IsNamedByATestOfItsRoom(file))
            .Select(file => $"{file.Path} ({file.Lines} lines): no {file.Folder}/{file.Types[0]}Tests.cs, nor another test of the room that names {file.Types[0]}");

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void The_exceptions_are_still_needed() => Assert.Multiple(() =>
    {
        Assert.That(WithoutTests.Keys.Where(path => SourceTree.Sources.All(f => f.Path != path || f.Lines <= TrivialLines || HasItsOwnTests(f))), Is.Empty);
        Assert.That(WithoutSubject.Keys.Where(path => SourceTree.Tests.All(f => f.Path != path)), Is.Empty);
    });

    /// <summary>What a test file is about by its name: <c>Some</c> of <c>SomeTests</c> and <c>SomeTests.Concern</c>.</summary>
    static string? Subject(SourceFile test)
    {
        var name = test.Name.Split('.')[0];
        return name.EndsWith("Tests", StringComparison.Ordinal) ? name[..^"Tests".Length] : null;
    }

    static bool HasItsOwnTests(SourceFile file) =>
        SourceTree.Tests.Any(test => test.Folder == file.Folder && Subject(test) == file.Name.Split('.')[0]);

    static bool IsNamedByATestOfItsRoom(SourceFile file) =>
        SourceTree.Tests.Any(test => test.Room == file.Room && Subject(test) is not null && test.Mentions(file.Types[0]));
}
