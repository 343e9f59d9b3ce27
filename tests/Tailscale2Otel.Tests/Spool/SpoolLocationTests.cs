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
    public void A_default_that_cannot_be_written_moves_to_the_fallback_and_says_so()
    {
        var log = new CollectedLog();
        Assert.That(Open(Unwritable(), log), Is.EqualTo(Fallback));
        Assert.That(log.Says("cannot be written") && log.Says(Fallback));
    }

    [Test]
    public void A_spool_in_the_fallback_stays_there_when_the_default_becomes_writable()
    {
        Hold(Fallback);
        var log = new CollectedLog();
        Assert.That(Open(Default, log), Is.EqualTo(Fallback));
        Assert.That(Find(Default), Is.EqualTo(Fallback));
        Assert.That(log.Says($"move what is in {Fallback} there"));
        Assert.That(Directory.Exists(Default), Is.False);
    }

    [Test]
    public void Of_two_spools_the_configured_one_is_used_and_the_other_is_told_of()
    {
        Hold(Default);
        Hold(Fallback);
        var log = new CollectedLog();
        Assert.That(Open(Default, log), Is.EqualTo(Default));
        Assert.That(Find(Default), Is.EqualTo(Default));
        Assert.That(log.Says($"a second spool in {Fallback}"));
    }

    [Test]
    [Platform("Linux")]
    public void A_spool_that_can_no_longer_be_written_is_not_left_for_a_new_one()
    {
        Hold(Default);
        // Also root cannot make this one.
        Directory.CreateDirectory(Path.Combine(Default, "writable"));
        var refusal = Assert.Throws<SpoolException>(() => Open(Default, new CollectedLog()));
        Assert.That(refusal!.Message, Does.Contain(Default).And.Contain("cannot be written"));
        Assert.That(Directory.Exists(Fallback), Is.False);
    }

    [Test]
    public void Only_the_default_has_a_fallback()
    {
        Hold(Fallback);
        var configured = Path.Combine(_folder, "configured");
        Assert.That(Open(configured, new CollectedLog(), movable: Default), Is.EqualTo(configured));
        Assert.That(SpoolLocation.Find(configured, Environment, Default), Is.EqualTo(configured));
    }

    string Default => Path.Combine(_folder, "default");

    string Fallback => Path.Combine(_folder, "tailscale2otel", "spool");

    static void Hold(string spool)
    {
        Directory.CreateDirectory(spool);
        File.WriteAllText(Path.Combine(spool, "cursors"), "");
    }

    string? Environment(string name) => name == "XDG_STATE_HOME" ? _folder : null;

    string Open(string configured, CollectedLog log, string? movable = null) => SpoolLocation.Open(configured, Environment, log, movable ?? configured).Path;

    string Find(string configured) => SpoolLocation.Find(configured, Environment, configured);

    string Unwritable()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        return Path.Combine(file, "spool");
    }
}
