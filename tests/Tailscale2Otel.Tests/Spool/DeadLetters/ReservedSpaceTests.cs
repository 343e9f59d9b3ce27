using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

public sealed class ReservedSpaceTests
{
    [Test]
    public void Takes_room_once_and_gives_it_once()
    {
        using var folder = new TemporaryFolder();
        var reserve = new ReservedSpace(folder.Path);

        Assert.That(reserve.TryTake());
        Assert.That(reserve.TryTake(), "it is there already");
        Assert.That(new FileInfo(folder.File(ReservedSpace.FileName)).Length, Is.EqualTo(ReservedSpace.Bytes));
        Assert.That(reserve.TryGive());
        Assert.That(reserve.TryGive(), Is.False);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void A_piece_that_a_kill_left_is_made_whole()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(ReservedSpace.FileName), new byte[1000]);

        Assert.That(new ReservedSpace(folder.Path).TryTake());
        Assert.That(new FileInfo(folder.File(ReservedSpace.FileName)).Length, Is.EqualTo(ReservedSpace.Bytes));
    }

    [Test]
    public async Task Leaves_nothing_behind_where_there_is_no_room()
    {
        using var folder = new TemporaryFolder();
        await using var disk = await SmallDisk.MountAsync(folder.Path, "1m");

        Assert.That(new ReservedSpace(folder.Path).TryTake(), Is.False);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }
}
