using Tailscale2Otel.Export;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

public sealed class BatchLimitsTests
{
    static readonly DeliveryOptions Options = new() { MaxBatchDelay = TimeSpan.FromSeconds(1) };

    [Test]
    public void A_batch_is_due_after_its_delay()
    {
        var time = new ManualTime();
        var limits = new BatchLimits(Options, time);
        using var batch = new PendingBatch(NoLogBatch.Instance, limits.Now);
        using var due = limits.CancelledWhenDue(batch);

        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That((due.IsCancellationRequested, limits.IsDue(batch)), Is.EqualTo((false, false)));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((due.IsCancellationRequested, limits.IsDue(batch)), Is.EqualTo((true, true)));
        using var late = limits.CancelledWhenDue(batch);
        Assert.That(late.IsCancellationRequested, Is.True, "at once");
    }

    [Test]
    public void A_timer_that_fires_after_the_wait_ended_throws_nothing()
    {
        var time = new LateTime();
        var limits = new BatchLimits(Options, time);
        using var batch = new PendingBatch(NoLogBatch.Instance, limits.Now);
        limits.CancelledWhenDue(batch).Dispose();

        Assert.That(time.FireAll(), Is.EqualTo(1));
    }
}
