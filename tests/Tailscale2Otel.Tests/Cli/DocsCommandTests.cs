using System.Runtime.CompilerServices;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Cli;

[TestFixture]
public sealed class DocsCommandTests
{
    [Test]
    public void The_committed_page_is_what_the_command_prints()
    {
        var committed = File.ReadAllText(Path.Combine(Repository(), "docs", "configuration.md"));

        Assert.That(
            committed,
            Is.EqualTo(DocsCommand.Page(XmlSummaries.BesideProgram()!)),
            "Run: dotnet run --project src/Tailscale2Otel -- docs configuration > docs/configuration.md");
    }

    static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
