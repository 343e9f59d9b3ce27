using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Check;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Check;

[TestFixture]
public sealed class SpoolPlaceTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void A_directory_that_is_not_there_can_be_made_and_is_not()
    {
        var spool = _folder.File("var/lib/spool");

        Assert.That(Place(spool).Directory(), Is.EqualTo(CheckFinding.Ok($"{spool} is not there yet and can be made")));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_directory_that_can_be_written_is_left_as_it_was()
    {
        Assert.That(Place(_folder.Path).Directory(), Is.EqualTo(CheckFinding.Ok($"{_folder.Path} can be written")));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_file_in_the_way_fails()
    {
        File.WriteAllText(_folder.File("taken"), "");

        var finding = Place(_folder.File("taken/spool")).Directory();

        Assert.That((finding.State, finding.Detail), Is.EqualTo((CheckState.Failed, $"{_folder.File("taken/spool")} cannot be written: there is a file in the way")));
        Assert.That(finding.ToDo, Does.Contain("spool.directory"));
    }

    [Test]
    [Platform("Linux")]
    public void A_directory_that_takes_nothing_fails()
    {
        // Also root can write nothing there.
        var finding = Place("/proc/spool").Directory();

        Assert.That(finding.State, Is.EqualTo(CheckState.Failed));
    }

    [Test]
    [Platform("Linux")]
    public async Task The_spool_of_a_running_daemon_is_not_touched()
    {
        var config = DaemonVariables.Load(_folder.File("spool"), ("OTLP__PROTOCOL", "stdout"));
        await using var daemon = await Daemon.StartAsync(config, new StdoutWriters(TextWriter.Null, TextWriter.Null), null, CancellationToken.None);
        var changes = new List<string>();
        using var watcher = new FileSystemWatcher(_folder.File("spool")) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, e) => changes.Add(e.Name!);
        watcher.EnableRaisingEvents = true;

        var place = Place(_folder.File("spool"));
        var (directory, space) = (place.Directory(), place.Space());

        Assert.That(directory, Is.EqualTo(CheckFinding.Ok($"{_folder.File("spool")} is in use by a running daemon (process {Environment.ProcessId})")));
        Assert.That(space.State, Is.EqualTo(CheckState.Ok));
        Assert.That(changes, Is.Empty);
    }

    [Test]
    public void Too_little_room_fails_and_little_room_is_said()
    {
        var full = Place(_folder.Path, minFreeBytes: 1L << 50).Space();
        var small = Place(_folder.Path, minFreeBytes: 0, maxBytes: 1L << 50).Space();
        var enough = Place(_folder.Path, minFreeBytes: 0, maxBytes: 1).Space();

        Assert.Multiple(() =>
        {
            Assert.That(full.State, Is.EqualTo(CheckState.Failed));
            Assert.That(full.Detail, Does.EndWith("and spool.min_free_bytes leaves 1.0 PiB alone: senders would be refused"));
            Assert.That(small.State, Is.EqualTo(CheckState.Ok));
            Assert.That(small.ToDo, Does.EndWith("spool.max_bytes is 1.0 PiB"));
            Assert.That((enough.State, enough.ToDo), Is.EqualTo((CheckState.Ok, "")));
        });
    }

    static SpoolPlace Place(string directory, long minFreeBytes = 0, long maxBytes = 1) =>
        new(new SpoolOptions { Directory = directory, MinFreeBytes = minFreeBytes, MaxBytes = maxBytes }, _ => null);
}
