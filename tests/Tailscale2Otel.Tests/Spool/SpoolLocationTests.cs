using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

public sealed class SpoolLocationTests
{
    string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("location-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Takes_the_configured_directory_and_leaves_no_trace_of_the_try()
    {
        var path = Path.Combine(_folder, "a", "b");
        var log = new CollectedLog();
        Assert.That(SpoolLocation.Open(path, _ => null, log).Path, Is.EqualTo(path));
        Assert.That(Directory.GetFileSystemEntries(path), Is.Empty);
        Assert.That(log.Entries, Is.Empty);
    }

    [Test]
    public void A_configured_directory_that_cannot_be_written_is_an_error_in_words()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var refusal = Assert.Throws<SpoolException>(() => SpoolLocation.Open(Path.Combine(file, "spool"), _ => _folder, new CollectedLog()));
        Assert.That(refusal!.Message, Does.Contain(file).And.Contain("cannot be written"));
    }

    [TestCase("/state", "/home/u", "/state/tailscale2otel/spool")]
    [TestCase("", "/home/u", "/home/u/.local/state/tailscale2otel/spool")]
    [TestCase("relative", "/home/u", "/home/u/.local/state/tailscale2otel/spool")]
    [TestCase("", "", null)]
    public void The_fallback_follows_the_base_directory_specification(string state, string home, string? expected) =>
        Assert.That(SpoolLocation.Fallback(name => name == "HOME" ? home : state), Is.EqualTo(expected));
}
