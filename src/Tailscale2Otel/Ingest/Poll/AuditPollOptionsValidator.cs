using Microsoft.Extensions.Options;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What single attributes cannot say, also with the receiver of the stream.</summary>
sealed class AuditPollOptionsValidator(HecOptions streaming) : IValidateOptions<AuditPollOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditPollOptions options) =>
        options.Problems(AuditPollOptions.Section, streaming.Enabled).ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
