using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class CardinalityOptionsValidatorTests
{
    [Test]
    public void Defaults_are_valid() =>
        Assert.That(new CardinalityOptionsValidator().Validate(null, new CardinalityOptions()).Succeeded, Is.True);

    [Test]
    public void Critical_is_not_below_warning()
    {
        var result = new CardinalityOptionsValidator().Validate(null, new CardinalityOptions { WarningThreshold = 10, CriticalThreshold = 9 });
        Assert.That(result.Failures, Is.EqualTo(new[] { "cardinality.critical_threshold: must not be below cardinality.warning_threshold" }));
    }
}
