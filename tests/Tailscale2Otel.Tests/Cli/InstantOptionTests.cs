using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Cli;

public sealed class InstantOptionTests
{
    [TestCase("2026-07-01", "2026-07-01T00:00:00.0000000+00:00")]
    [TestCase("2026-07-01T10:30Z", "2026-07-01T10:30:00.0000000+00:00")]
    [TestCase("2026-07-01T10:30:15", "2026-07-01T10:30:15.0000000+00:00")]
    [TestCase("2026-07-01T10:30:15.25+02:00", "2026-07-01T08:30:15.2500000+00:00")]
    [TestCase("90m", "2026-07-27T10:30:00.0000000+00:00")]
    [TestCase("0s", "2026-07-27T12:00:00.0000000+00:00")]
    public void Takes_a_time_or_an_age(string text, string expected)
    {
        Assert.That(InstantOption.TryParse(text, new ManualTime(), out var value));
        Assert.That(value.ToString("O"), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("yesterday")]
    [TestCase("07/01/2026")]
    [TestCase("-2h")]
    [TestCase("2000000h")]
    public void Takes_nothing_else(string text) => Assert.That(InstantOption.TryParse(text, new ManualTime(), out _), Is.False);
}
