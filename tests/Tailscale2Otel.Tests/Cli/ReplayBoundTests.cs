using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Cli;

public sealed class ReplayBoundTests
{
    [TestCase("@0", "@0")]
    [TestCase("@9223372036854775807", "@9223372036854775807")]
    [TestCase("2026-07-27T12:00:00.1234567Z", "2026-07-27T12:00:00.1234567Z")]
    [TestCase("2026-07-27T14:00:00+02:00", "2026-07-27T12:00:00Z")]
    [TestCase("2h", "2026-07-27T10:00:00Z")]
    public void Is_a_position_or_a_time_and_is_printed_so_that_it_can_be_given_again(string text, string printed)
    {
        Assert.That(ReplayBound.TryParse(text, new ManualTime(), out var bound));
        Assert.That(bound.ToString(), Is.EqualTo(printed));
        Assert.That(ReplayBound.TryParse(printed, new ManualTime(), out var again));
        Assert.That(again, Is.EqualTo(bound));
    }

    [TestCase("")]
    [TestCase("@")]
    [TestCase("@-1")]
    [TestCase("@1.5")]
    [TestCase("@ 1")]
    [TestCase("@9223372036854775808")]
    [TestCase("now")]
    public void Is_nothing_else(string text) => Assert.That(ReplayBound.TryParse(text, new ManualTime(), out _), Is.False);
}
