using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Tests.Enrichment;

public sealed class IpValueTests
{
    [Test]
    public void Addresses_that_somebody_has_chosen_do_not_all_have_one_hash()
    {
        // Those of a multiplication without a seed are solved for.
        var hashes = Enumerable.Range(1, 8192).Select(i => IpValue.V6(unchecked((ulong)i * 0x9E37_79B9_7F4A_7C15), (ulong)i).GetHashCode());

        Assert.That(hashes.Distinct().Count(), Is.GreaterThan(8000));
    }
}
