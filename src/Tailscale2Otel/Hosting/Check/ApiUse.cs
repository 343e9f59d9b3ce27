using Tailscale2Otel.Config;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Which APIs of a tailnet the configuration uses.</summary>
/// <param name="LogStream">The daemon sets the stream's destination.</param>
/// <param name="Overwrites">Also over somebody else's.</param>
/// <param name="PublicUrl">Where Tailscale reaches the log stream receiver; empty when nobody says.</param>
sealed record ApiUse(bool Devices, bool FlowLogs, bool AuditLogs, bool LogStream, bool Overwrites, bool LogStreamStatus, string PublicUrl)
{
    /// <summary>Whether the daemon noted that it set this destination.</summary>
    public Func<LogType, LogStreamSink, bool> HasSet { get; init; } = static (_, _) => false;

    /// <param name="tailnet">As its records carry it: a route of the receiver may be for it.</param>
    public static ApiUse Of(LoadedConfig config, string tailnet)
    {
        var hec = config.Get<HecOptions>();
        var route = hec.Routes.FirstOrDefault(r => r.Tailnet == tailnet);
        var (configures, publicUrl) = route is null ? (hec.AutoConfigure, hec.PublicUrl) : (route.AutoConfigure, route.PublicUrl);
        return new ApiUse(
            config.Get<DevicesOptions>().Enabled,
            config.Get<FlowPollOptions>().IsPolled,
            config.Get<AuditPollOptions>().IsPolled,
            hec.Enabled && configures,
            hec.AutoConfigureOverwrite,
            config.Get<LogStreamOptions>().Enabled,
            publicUrl);
    }
}
