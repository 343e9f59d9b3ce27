using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Who expects records from the stream has to listen, and a window has to outgrow the interval.</summary>
sealed class LogPollRule : IOptionsRule
{
    public IEnumerable<string> Failures(OptionsSet options)
    {
        var isStreaming = options.Get<HecOptions>().Enabled;
        return
        [
            .. options.Get<FlowPollOptions>().Failures(FlowPollOptions.Section, isStreaming),
            .. options.Get<AuditPollOptions>().Failures(AuditPollOptions.Section, isStreaming),
        ];
    }
}
