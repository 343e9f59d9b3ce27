using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class CardinalityOptionsTests
{
    [TestCase(10_000, 10_000)]
    [TestCase(1, 1)]
    [TestCase(0, CardinalityOptions.UnlimitedSeries)]
    [TestCase(-1, CardinalityOptions.UnlimitedSeries)]
    [TestCase(int.MaxValue, CardinalityOptions.UnlimitedSeries)]
    public void Zero_and_less_mean_no_limit(int configured, int effective) =>
        Assert.That(new CardinalityOptions { MetricLimit = configured }.ToSeriesLimit(), Is.EqualTo(effective));
}
