using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

public sealed class WindowClockTests
{
    const uint Noon = 1_785_153_600;

    [Test]
    public void Follows_the_records()
    {
        Assert.That(After(Noon, Noon, Noon + 5, Noon + 65), Is.EqualTo(Noon + 65));
    }

    [Test]
    public void Never_goes_back_and_goes_on_from_there()
    {
        Assert.That(After(Noon, Noon + 60, Noon - 3600, Noon - 3590), Is.EqualTo(Noon + 70));
    }

    [Test]
    public void A_jump_counts_for_one_step()
    {
        Assert.That(After(Noon, Noon + 100_000, Noon + 100_010), Is.EqualTo(Noon + 600 + 10));
    }

    [Test]
    public void What_is_read_again_has_passed()
    {
        var clock = new WindowClock();
        clock.Resume(new SpoolPosition(30), Noon + 30);
        clock.Resume(new SpoolPosition(10), Noon + 10);
        clock.Follow(new SpoolPosition(10), Noon + 10);
        clock.Follow(new SpoolPosition(20), Noon + 20);
        Assert.That(clock.Now, Is.EqualTo(Noon + 30));
        clock.Follow(new SpoolPosition(30), Noon + 30);
        clock.Follow(new SpoolPosition(40), Noon + 45);
        Assert.That(clock.Now, Is.EqualTo(Noon + 45));
    }

    static uint After(params uint[] received)
    {
        var clock = new WindowClock();
        for (var i = 0; i < received.Length; i++)
            clock.Follow(new SpoolPosition(i), received[i]);
        return clock.Now;
    }
}
