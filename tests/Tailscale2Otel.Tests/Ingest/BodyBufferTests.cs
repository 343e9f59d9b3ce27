using Tailscale2Otel.Ingest;

namespace Tailscale2Otel.Tests.Ingest;

public sealed class BodyBufferTests
{
    const int Promised = 512 * 1024;

    [Test]
    public void A_promise_alone_takes_no_memory()
    {
        var budget = new BodyBudget(long.MaxValue);
        using var body = new BodyBuffer(budget, int.MaxValue) { Promised = Promised };
        Assert.That(body.Append(new byte[1000]), Is.EqualTo(BodyOutcome.Read));
        Assert.That(budget.Used, Is.LessThan(Promised / 16));
    }

    [Test]
    public void Room_for_all_that_was_promised_is_made_when_a_quarter_has_come()
    {
        var budget = new BodyBudget(long.MaxValue);
        using var body = new BodyBuffer(budget, int.MaxValue) { Promised = Promised };
        body.Append(new byte[Promised / 4]);
        var used = budget.Used;
        body.Append(new byte[Promised * 3 / 4]);
        Assert.That((used, body.Length), Is.EqualTo(((long)Promised, Promised)));
        Assert.That(budget.Used, Is.EqualTo(used));
    }

    [Test]
    public void More_than_was_promised_is_taken_up_to_the_limit()
    {
        using var body = new BodyBuffer(new BodyBudget(long.MaxValue), 100_000) { Promised = 10 };
        Assert.That(body.Append(new byte[100_000]), Is.EqualTo(BodyOutcome.Read));
        Assert.That(body.Append(new byte[1]), Is.EqualTo(BodyOutcome.TooLarge));
    }
}
