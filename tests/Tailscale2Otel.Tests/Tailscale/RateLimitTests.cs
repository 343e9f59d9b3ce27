using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class RateLimitTests
{
    readonly ManualTime _time = new();

    [Test]
    public void Without_a_limit_nobody_waits()
    {
        using var limit = new RateLimit(0, _time);

        Assert.That(Enumerable.Range(0, 100).All(_ => limit.WaitAsync(default).AsTask().IsCompletedSuccessfully), Is.True);
    }

    [Test]
    public async Task One_goes_at_once_and_the_others_in_their_order()
    {
        using var limit = new RateLimit(2, _time);
        var order = new List<int>();
        var all = Enumerable.Range(0, 5).Select(i => GoAsync(limit, order, i)).ToArray();
        var counts = new List<int> { order.Count };
        for (var i = 1; i < 5; i++)
        {
            await ApiHarness.UntilAsync(() => _time.ActiveTimers == 1);
            _time.Advance(TimeSpan.FromMilliseconds(499));
            counts.Add(order.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await all[i];
        }

        Assert.That(order, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 2, 3, 4 }), "nobody goes before time");
    }

    [Test]
    public async Task Who_gives_up_takes_no_turn_away()
    {
        using var limit = new RateLimit(1, _time);
        await limit.WaitAsync(default);
        using var giveUp = new CancellationTokenSource();
        var first = limit.WaitAsync(giveUp.Token).AsTask();
        var second = limit.WaitAsync(default).AsTask();
        await giveUp.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        await ApiHarness.UntilAsync(() => _time.ActiveTimers == 1);

        _time.Advance(TimeSpan.FromSeconds(1));

        await second.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task An_absurd_rate_still_makes_a_timer()
    {
        using var limit = new RateLimit(1e-12, _time);
        await limit.WaitAsync(default);

        var second = limit.WaitAsync(default).AsTask();

        _time.Advance(TimeSpan.FromDays(1));
        await second.WaitAsync(TimeSpan.FromSeconds(20));
    }

    static async Task GoAsync(RateLimit limit, List<int> order, int i)
    {
        await limit.WaitAsync(default);
        lock (order)
            order.Add(i);
    }
}
