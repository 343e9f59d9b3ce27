using System.Text.RegularExpressions;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class ReleaseTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    [Needs("bash", "sha256sum")]
    public async Task A_version_without_a_section_in_the_changelog_is_released_only_when_told()
    {
        var hasSection = SourceTree.Read("CHANGELOG.md").Contains($"## [{DeployFile.Version}]", StringComparison.Ordinal);

        var (code, output) = await ReleaseNothingAsync();
        Assert.That(code, Is.EqualTo(hasSection ? 0 : 1), output);
        Assert.That(output, hasSection ? Does.Contain($"tailscale2otel {DeployFile.Version}: 0 systems") : Does.Contain($"no section \"## [{DeployFile.Version}]\""));
        Assert.That((await ReleaseNothingAsync("--unreleased")).Code, Is.Zero);
    }

    [Test]
    public void Workflows_run_the_scripts_of_the_repository_and_nothing_else()
    {
        string[] scripts = ["bash .ci/run", "deploy/release.sh"];
        var workflows = Directory.GetFiles(Path.Combine(SourceTree.Root, ".github/workflows"), "*.yml").Select(f => YamlPath.Documents(File.ReadAllText(f)).Single()).ToList();
        var steps = workflows.SelectMany(w => w.Names("jobs").SelectMany(j => w.Items("jobs", j, "steps"))).ToList();

        var commands = steps.Where(s => s.Find("run") is not null).Select(s => s.Text("run")).ToList();
        Assert.That(commands, Is.Not.Empty);
        foreach (var command in commands)
        {
            Assert.That(scripts, Has.Some.Matches<string>(s => command == s || command.StartsWith(s + " ", StringComparison.Ordinal)), command);
            Assert.That(File.Exists(Path.Combine(SourceTree.Root, command.Split(' ').First(w => w != "bash"))), command);
        }

        Assert.That(steps.Where(s => s.Find("uses") is not null).Select(s => s.Text("uses")), Has.All.Matches<string>(u => Regex.IsMatch(u, @"^actions/[\w-]+@v\d+$")));
    }

    [TestCase("deploy")]
    [TestCase(".ci")]
    [Needs("bash")]
    public async Task Scripts_are_sound(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*", SearchOption.AllDirectories))
        {
            var first = File.ReadLines(file).FirstOrDefault() ?? "";
            if (first.StartsWith("#!", StringComparison.Ordinal))
                Assert.That(await Tool.RunAsync(first.Contains("bash", StringComparison.Ordinal) ? "bash" : "sh", "-n", file), Is.EqualTo((0, "")), file);
        }
    }

    Task<(int Code, string Output)> ReleaseNothingAsync(params string[] more) =>
        Tool.RunAsync("bash", [DeployFile.Path("release.sh"), "--rids", "", "--output", _folder.File("out"), .. more]);
}
