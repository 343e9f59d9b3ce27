using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How network flow logs are asked for.</summary>
[ConfigSection(Section)]
sealed class FlowPollOptions : LogPollOptions, IConfigSection
{
    public const string Section = "collectors.flowlogs";

    public FlowPollOptions() => Lag = TimeSpan.FromSeconds(120);
}
