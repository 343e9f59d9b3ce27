using Microsoft.Extensions.Options;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What single attributes cannot say, also with the receiver of the stream.</summary>
sealed class FlowPollOptionsValidator(HecOptions streaming) : IValidateOptions<FlowPollOptions>
{
    public ValidateOptionsResult Validate(string? name, FlowPollOptions options) =>
        options.Problems(FlowPollOptions.Section, streaming.Enabled).ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
