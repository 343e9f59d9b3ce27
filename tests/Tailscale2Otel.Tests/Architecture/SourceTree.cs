namespace Tailscale2Otel.Tests.Architecture;

/// <summary>The repository's own text, read once: what the architecture tests look at.</summary>
static class SourceTree
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file of the executable.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = Load("src/Tailscale2Otel");

    /// <summary>Every C# file of the test project.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = Load("tests/Tailscale2Otel.Tests");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static List<SourceFile> Load(string project)
    {
        var folder = Path.Combine(Root, project);
        return
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => new SourceFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file)))
                .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal) && !file.Path.StartsWith("bin/", StringComparison.Ordinal))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tailscale2Otel.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Tailscale2Otel.sln above {AppContext.BaseDirectory}: the architecture tests read the source tree.");
    }
}
