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

    [Test]
    public void Who_only_looks_finds_the_fallback_where_the_daemon_made_its_spool_there()
    {
        Assume.That(File.Exists(Path.Combine(SpoolOptions.DefaultDirectory, "cursors")), Is.False, "a daemon lives on this machine");
        var fallback = Path.Combine(_folder, "tailscale2otel", "spool");
        Assert.That(SpoolLocation.Find(SpoolOptions.DefaultDirectory, _ => _folder), Is.EqualTo(SpoolOptions.DefaultDirectory));
        Assert.That(Directory.Exists(fallback), Is.False);

        Directory.CreateDirectory(fallback);
        File.WriteAllText(Path.Combine(fallback, "cursors"), "");
        Assert.That(SpoolLocation.Find(SpoolOptions.DefaultDirectory, _ => _folder), Is.EqualTo(fallback));
        Assert.That(SpoolLocation.Find("/configured", _ => _folder), Is.EqualTo("/configured"));
    }
}
