using Tailscale2Otel.Hosting.Replay;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Replay;

public sealed class ReplayPaceTests
{
    [Test]
    public void Lets_so_many_pass_a_second()
    {
        var time = new ManualTime();
        var pace = new ReplayPace(10, time);
        for (var second = 1; second <= 3; second++)
        {
            for (var i = 0; i < 10; i++)
            {
                var next = pace.TakeAsync(default);
                Assert.That(next.IsCompleted, Is.False, "every one of so few is waited for");
                time.Advance(TimeSpan.FromMilliseconds(100));
                Assert.That(next.IsCompleted);
            }
        }
    }

    [Test]
    public void What_a_slow_backend_cost_is_not_made_up_for()
    {
        var time = new ManualTime();
        var pace = new ReplayPace(10, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.That(pace.TakeAsync(default).IsCompleted);
        Assert.That(pace.TakeAsync(default).IsCompleted, Is.False);
    }

    [Test]
    public void Without_a_rate_nothing_waits()
    {
        var pace = new ReplayPace(null, new ManualTime());
        for (var i = 0; i < 1_000; i++)
            Assert.That(pace.TakeAsync(default).IsCompleted);
    }

    [Test]
    public void A_stop_ends_the_waiting()
    {
        using var stop = new CancellationTokenSource();
        var next = new ReplayPace(1, new ManualTime()).TakeAsync(stop.Token);
        stop.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => next);
    }
}
