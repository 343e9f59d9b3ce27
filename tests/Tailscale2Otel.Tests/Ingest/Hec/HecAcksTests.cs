using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecAcksTests
{
    readonly ManualTime _time = new();

    [Test]
    public void An_idle_channel_is_forgotten_with_what_was_pending_in_it()
    {
        var (acks, old, young) = (Acks(channels: 2, pending: 2), Guid.NewGuid(), Guid.NewGuid());
        Keep(acks, old);
        _time.Advance(TimeSpan.FromMinutes(6));
        Keep(acks, young);
        Assert.That(acks.TryReserve(young), Is.False, "two are pending");
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.That(acks.TryReserve(young), Is.True, "the old channel's place is free");
        Assert.That(acks.Take(old, 0, new SpoolPosition(100)), Is.False);
        Assert.That(acks.Take(young, 0, new SpoolPosition(100)), Is.True);
    }

    [Test]
    public void A_channel_more_than_allowed_is_refused_until_another_is_idle()
    {
        var acks = Acks(channels: 1, pending: 10);
        Keep(acks, Guid.NewGuid());
        Assert.That(acks.TryReserve(Guid.NewGuid()), Is.False);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(acks.TryReserve(Guid.NewGuid()), Is.True);
    }

    [Test]
    public void A_channel_with_a_request_under_way_stays()
    {
        var (acks, channel) = (Acks(channels: 1, pending: 10), Guid.NewGuid());
        Assert.That(acks.TryReserve(channel), Is.True);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(acks.TryReserve(Guid.NewGuid()), Is.False);
        Assert.That(acks.Complete(channel, new SpoolPosition(5)), Is.Zero);
        Assert.That(acks.Take(channel, 0, new SpoolPosition(5)), Is.True);
    }

    [Test]
    public void True_needs_everything_up_to_the_end()
    {
        var (acks, channel) = (Acks(channels: 1, pending: 10), Guid.NewGuid());
        Keep(acks, channel, 50);
        Assert.That(acks.Take(channel, 0, new SpoolPosition(49)), Is.False);
        Assert.That(acks.Take(channel, 0, new SpoolPosition(50)), Is.True);
    }

    HecAcks Acks(int channels, int pending) =>
        new(new HecOptions { AckMaxChannels = channels, AckMaxPending = pending, AckMaxPendingPerChannel = pending, AckChannelIdle = TimeSpan.FromMinutes(10) }, _time);

    static void Keep(HecAcks acks, Guid channel, long end = 10)
    {
        Assert.That(acks.TryReserve(channel), Is.True);
        acks.Complete(channel, new SpoolPosition(end));
    }
}
