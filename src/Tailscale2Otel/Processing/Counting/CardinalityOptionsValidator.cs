using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Processing.Counting;

sealed class CardinalityOptionsValidator : IValidateOptions<CardinalityOptions>
{
    public ValidateOptionsResult Validate(string? name, CardinalityOptions options) =>
        options.CriticalThreshold < options.WarningThreshold
            ? ValidateOptionsResult.Fail("cardinality.critical_threshold: must not be below cardinality.warning_threshold")
            : ValidateOptionsResult.Success;
}
