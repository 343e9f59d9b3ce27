using Tailscale2Otel.Hosting.Tailnets;

namespace Tailscale2Otel.Tests.Hosting.Tailnets;

[TestFixture]
public sealed class SeriesSharesTests
{
    [TestCase(10_000, 1, 10_000, 10_624)]
    [TestCase(10_000, 3, 3_333, 10_623)]
    [TestCase(2, 3, 1, 6)]
    public void Tailnets_share_the_limit_and_strays_have_a_little_beside_it(int limit, int tailnets, int configured, int total)
    {
        var shares = new SeriesShares(limit, tailnets);

        Assert.That((shares.Configured, shares.Total), Is.EqualTo((configured, total)));
        Assert.That(shares.Total, Is.GreaterThanOrEqualTo(Math.Min(limit, configured * tailnets) + (SeriesShares.StraySets * shares.Stray)));
    }
}
