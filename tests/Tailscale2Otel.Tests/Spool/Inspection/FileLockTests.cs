using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.Inspection;

public sealed class FileLockTests
{
    [Test]
    public void Names_the_process_that_holds_the_lock_and_nobody_afterwards()
    {
        using var folder = new TemporaryFolder();
        var directory = new DiskSpoolDirectory(folder.Path);
        Assert.That(FileLock.HolderOf(folder.File("lock")), Is.Zero, "there is no such file");
        using (directory.Lock("lock"))
            Assert.That(FileLock.HolderOf(folder.File("lock")), Is.EqualTo(Environment.ProcessId));
        Assert.That(FileLock.HolderOf(folder.File("lock")), Is.Zero);
    }

    [TestCase("1: FLOCK  ADVISORY  WRITE 19123 fe:00:11658556 0 EOF", 19123)]
    [TestCase("1: -> FLOCK  ADVISORY  WRITE 19123 fe:00:11658556 0 EOF", 0, Description = "waits for it")]
    [TestCase("1: FLOCK  ADVISORY  READ 19123 fe:00:11658556 0 EOF", 0, Description = "shared: somebody reads")]
    [TestCase("1: POSIX  ADVISORY  WRITE 19123 fe:00:11658556 0 EOF", 0, Description = "another kind of lock")]
    [TestCase("1: FLOCK  ADVISORY  WRITE 19123 fe:01:11658556 0 EOF", 0, Description = "another disk")]
    [TestCase("1: FLOCK", 0)]
    [TestCase("", 0)]
    public void Reads_a_line_of_the_table(string line, int holder) =>
        Assert.That(FileLock.Find(["9: FLOCK  ADVISORY  WRITE 7 fe:00:1 0 EOF", line], "fe:00:11658556"), Is.EqualTo(holder));
}
