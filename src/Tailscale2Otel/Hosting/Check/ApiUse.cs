using Tailscale2Otel.Config;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Which APIs of a tailnet the configuration uses.</summary>
/// <param name="LogStream">The daemon sets the stream's destination.</param>
/// <param name="Overwrites">Also over somebody else's.</param>
/// <param name="PublicUrl">Where Tailscale reaches the log stream receiver; empty when nobody says.</param>
sealed record ApiUse(bool Devices, bool FlowLogs, bool AuditLogs, bool LogStream, bool Overwrites, bool LogStreamStatus, string PublicUrl)
{
    public static ApiUse Of(LoadedConfig config) => new(
        ValueOf(config, "collectors.devices.enabled") is true,
        config.Get<FlowPollOptions>().IsPolled,
        config.Get<AuditPollOptions>().IsPolled,
        config.Get<HecOptions>().Enabled && ValueOf(config, "streaming.auto_configure") is true,
        ValueOf(config, "streaming.auto_configure_overwrite") is true,
        config.Get<LogStreamOptions>().Enabled,
        ValueOf(config, "streaming.public_url") as string ?? "");

    static object? ValueOf(LoadedConfig config, string key) => config.Values.FirstOrDefault(v => v.Key == key)?.Value;
}
