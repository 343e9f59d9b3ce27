using Tailscale2Otel.Config;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Which APIs of a tailnet the configuration uses.</summary>
/// <param name="LogStream">The daemon sets the stream's destination.</param>
/// <param name="Overwrites">Also over somebody else's.</param>
/// <param name="PublicUrl">Where Tailscale reaches the log stream receiver; empty when nobody says.</param>
sealed record ApiUse(bool Devices, bool FlowLogs, bool AuditLogs, bool LogStream, bool Overwrites, bool LogStreamStatus, string PublicUrl)
{
    public static ApiUse Of(LoadedConfig config, TailnetSettings tailnet)
    {
        bool IsOn(string key) => ValueOf(config, key) is true;
        bool IsPolled(string collector) => IsOn($"collectors.{collector}.enabled") && ValueOf(config, $"collectors.{collector}.source")?.ToString() is "Poll" or "Both";
        var isStreaming = config.Get<HecOptions>().Enabled;
        return new ApiUse(
            IsOn("collectors.devices.enabled"),
            IsPolled("flowlogs"),
            IsPolled("auditlogs"),
            isStreaming && IsOn("streaming.auto_configure"),
            IsOn("streaming.auto_configure_overwrite"),
            isStreaming && IsOn("collectors.log_stream.enabled"),
            ValueOf(config, "streaming.public_url") as string ?? "");
    }

    static object? ValueOf(LoadedConfig config, string key) => config.Values.FirstOrDefault(v => v.Key == key)?.Value;
}
