using Tailscale2Otel.Processing.Devices;

namespace Tailscale2Otel.Tests.Processing.Devices;

sealed class FleetGaugesTests
{
    [TestCase("1.98.2-t1a2b3c4d5-g6e7f8a9b", "1.98.2")]
    [TestCase("1.98.2", "1.98.2")]
    [TestCase("1.98", "unknown")]
    [TestCase("1..2", "unknown")]
    [TestCase("v1.98.2", "unknown")]
    [TestCase("1.98.99999999999999999999", "unknown")]
    [TestCase("", "unknown")]
    public void A_version_is_three_numbers_or_unknown(string version, string expected) =>
        Assert.That(FleetGauges.Version(version), Is.EqualTo(expected));

    [TestCase("Debian", "debian")]
    [TestCase("", "unknown")]
    public void A_distribution_is_in_lower_case(string name, string expected) => Assert.That(FleetGauges.Distro(name), Is.EqualTo(expected));
}
