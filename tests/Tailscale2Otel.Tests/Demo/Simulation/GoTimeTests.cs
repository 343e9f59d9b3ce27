using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.Simulation;

[TestFixture]
public sealed class GoTimeTests
{
    [TestCase(0, "1970-01-01T00:00:00Z")]
    [TestCase(1785153607_551200917, "2026-07-27T12:00:07.551200917Z")]
    [TestCase(1785153608_901220000, "2026-07-27T12:00:08.90122Z")]
    [TestCase(1785153607_000000001, "2026-07-27T12:00:07.000000001Z")]
    public void A_time_is_written_without_trailing_zeros(long nanoseconds, string expected) =>
        Assert.That(GoTime.Format(nanoseconds), Is.EqualTo(expected));
}
