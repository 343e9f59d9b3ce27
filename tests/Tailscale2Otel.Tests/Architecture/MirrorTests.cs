namespace Tailscale2Otel.Tests.Architecture;

/// <summary>Tests stand where their subject stands, so that neither has to be searched for.</summary>
[TestFixture]
public sealed class MirrorTests
{
    /// <summary>Above this a file does something that a test can ask about; below are records, options and seams.</summary>
    const int TrivialLines = 60;

    /// <summary>Tests that are about no type of the mirrored folder, with the reason.</summary>
    static readonly Dictionary<string, string> WithoutSubject = new(StringComparer.Ordinal)
    {
    };

    /// <summary>Longer files that no test of their room reaches, with the reason.</summary>
    static readonly Dictionary<string, string> WithoutTests = new(StringComparer.Ordinal)
    {
        ["Model/Devices/Device.cs"] = "a record without behaviour; DevicesDecoderTests fills it",
        ["Model/LogAttributes.cs"] = "names; SignalsDocumentTests holds them against the document",
    };

    static HashSet<string> Rooms => [.. SourceTree.Sources.Where(f => f.Room.Length > 0).Select(f => f.Room)];

    [Test]
    public void A_test_of_a_room_has_its_subject_in_the_mirrored_folder()
    {
        var broken = SourceTree.Tests
            .Where(test => Rooms.Contains(test.Room) && Subject(test) is not null && !WithoutSubject.ContainsKey(test.Path))
            .Where(test => !HasSubject(test))
            .Select(test => $"{test.Path} has no {test.Folder}/{Subject(test)}.cs");

        Violations.None(broken, "Move the test, rename it after its subject, or say in MirrorTests what it is about");
    }

    [Test]
    public void A_source_file_that_does_something_is_reached_by_a_test_of_its_room()
    {
        var reached = Reached();
        var broken = SourceTree.Sources
            .Where(file => DoesSomething(file) && !WithoutTests.ContainsKey(file.Path) && !reached.Contains(file))
            .Select(file => $"{file.Path} ({file.Lines} lines): there is no {file.Folder}/{file.Types[0]}Tests.cs, and nothing that the tests of {file.Room} name leads to it");

        Violations.None(broken);
    }

    [Test]
    public void The_exceptions_are_still_needed()
    {
        Violations.None(WithoutTests.Keys.Where(path => SourceTree.Sources.All(f => f.Path != path || f.Lines <= TrivialLines)));
        Violations.None(WithoutSubject.Keys.Where(path => SourceTree.Tests.All(f => f.Path != path || HasSubject(f))));
    }

    /// <summary>What a test file is about by its name: <c>Some</c> of <c>SomeTests</c> and <c>SomeTests.Concern</c>.</summary>
    static string? Subject(SourceFile test)
    {
        var name = test.Name.Split('.')[0];
        return name.EndsWith("Tests", StringComparison.Ordinal) ? name[..^"Tests".Length] : null;
    }

    /// <summary>A type of the mirrored folder, one of its concerns (<c>LogsWriterJson</c>), or the unit that the folder is.</summary>
    static bool HasSubject(SourceFile test) =>
        Subject(test)!.StartsWith(test.Folder[(test.Folder.LastIndexOf('/') + 1)..], StringComparison.Ordinal)
        || SourceTree.Sources.Any(file => file.Folder == test.Folder && Subject(test)!.StartsWith(file.Name.Split('.')[0], StringComparison.Ordinal));

    static bool DoesSomething(SourceFile file) =>
        file.Room.Length > 0 && file.Types.Count > 0 && file.Lines > TrivialLines && !file.Name.EndsWith("Options", StringComparison.Ordinal);

    /// <summary>What tests name, and what that uses within its room, and so on. Tests of the whole count for what puts it together.</summary>
    static HashSet<SourceFile> Reached()
    {
        HashSet<SourceFile> reached = [];
        var open = new Queue<SourceFile>(SourceTree.Sources.Where(file => file.Types.Count > 0 && IsNamedByATest(file)));
        while (open.TryDequeue(out var user))
        {
            if (!reached.Add(user))
                continue;
            foreach (var used in SourceTree.Sources.Where(f => f.Room == user.Room && f.Types.Count > 0 && !reached.Contains(f) && user.Mentions(f.Types[0])))
                open.Enqueue(used);
        }

        return reached;
    }

    static bool IsNamedByATest(SourceFile file) =>
        SourceTree.Tests.Any(test => (test.Room == file.Room || (test.Room == "EndToEnd" && file.Room == "Hosting")) && test.Mentions(file.Types[0]));
}
