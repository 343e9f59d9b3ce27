using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.Simulation;

[TestFixture]
public sealed class GoTimeTests
{
    const long Noon = 1_785_153_600_000_000_000;

    [TestCase("2026-07-27T12:00:00Z", Noon)]
    [TestCase("2026-07-27T12:00:00.5Z", Noon + 500_000_000)]
    [TestCase("2026-07-27T12:00:00.000000001Z", Noon + 1)]
    [TestCase("2026-07-27T12:00:00.0000000019Z", Noon + 1)]
    [TestCase("2026-07-27T14:30:00+02:30", Noon)]
    [TestCase("2026-07-27T04:00:00.25-08:00", Noon + 250_000_000)]
    [TestCase("0001-01-01T00:00:00Z", 0)]
    [TestCase("9999-12-31T23:59:59Z", long.MaxValue)]
    public void Reads_every_form_of_RFC_3339(string text, long nanoseconds)
    {
        Assert.That(GoTime.TryParse(text, out var time));
        Assert.That(time, Is.EqualTo(nanoseconds));
    }

    [TestCase("")]
    [TestCase("2026-07-27")]
    [TestCase("2026-07-27T12:00:00")]
    [TestCase("2026-07-27 12:00:00Z")]
    [TestCase("2026-07-27T12:00:00.Z")]
    [TestCase("2026-07-27T12:00:00 02:00")]
    [TestCase("2026-07-27T12:00:00+0200")]
    [TestCase("2026-13-27T12:00:00Z")]
    [TestCase("2026-07-27T25:00:00Z")]
    [TestCase("1785153600")]
    public void Reads_nothing_else(string text) => Assert.That(GoTime.TryParse(text, out _), Is.False);

    [TestCase(Noon)]
    [TestCase(Noon + 1)]
    [TestCase(Noon + 120_000_000)]
    public void Reads_what_it_writes(long nanoseconds)
    {
        Assert.That(GoTime.TryParse(GoTime.Format(nanoseconds), out var time));
        Assert.That(time, Is.EqualTo(nanoseconds));
    }
}
