using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class DistinctCountTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(17)]
    [TestCase(DistinctCount.ExactLimit)]
    public void Is_exact_for_few(int count)
    {
        var distinct = new DistinctCount();
        for (var round = 0; round < 3; round++)
            Add(distinct, count);
        Assert.That(distinct.Count, Is.EqualTo(count));
    }

    [TestCase(DistinctCount.ExactLimit + 1)]
    [TestCase(1_000)]
    [TestCase(5_000)]
    [TestCase(10_000)]
    [TestCase(65_536)]
    [TestCase(1_000_000)]
    public void Is_close_for_many(int count)
    {
        var distinct = new DistinctCount();
        Add(distinct, count);

        // Five standard errors of 1.6 %.
        Assert.That(distinct.Count, Is.EqualTo(count).Within(8).Percent);
    }

    [Test]
    public void Starts_again_after_clearing()
    {
        var distinct = new DistinctCount();
        Add(distinct, 100_000);
        distinct.Clear();
        Assert.That(distinct.Count, Is.Zero);
        Add(distinct, 5);
        Assert.That(distinct.Count, Is.EqualTo(5));
        Add(distinct, 1_000);
        Assert.That(distinct.Count, Is.EqualTo(1_000).Within(8).Percent);
    }

    [Test]
    public void The_hash_zero_is_a_value_too()
    {
        var distinct = new DistinctCount();
        distinct.Add(0);
        distinct.Add(0);
        Assert.That(distinct.Count, Is.EqualTo(1));
    }

    static void Add(DistinctCount distinct, int count)
    {
        for (var i = 0; i < count; i++)
            distinct.Add(CounterKey.Hash(BitConverter.GetBytes(i)));
    }
}
