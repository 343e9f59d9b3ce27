using System.Collections.Frozen;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Redaction;

/// <summary>Attributes that no category removes, each group with the reason.</summary>
static class SafeAttributes
{
    public static IReadOnlyList<(string Reason, IReadOnlyList<string> Keys)> Groups { get; } =
    [
        ("words of the daemon about its own work, from closed lists",
        [
            LogAttributes.Provider.Text, LogAttributes.Source.Text, LogAttributes.Replayed.Text, LogAttributes.Repeat.Text,
            LogAttributes.ReporterTrust.Text, LogAttributes.ReporterConsistency.Text,
            "source", "signal", "reason", "field", "status", "type", "component", "dedup.set", "outcome", "error.type", "category",
            "trust", "consistency", "scope", "field_class", "state", "cpu.mode", "version", "dotnet.version", "otel.metric.overflow",
            "metric.name", "tailscale.collector", "tailscale.subrequest", "tailscale.api.operation", "tailscale.api.state", "tailscale.logstream.type", "http.response.status_code",
        ]),
        ("paths of the Tailscale API from a closed list, their IDs elided", ["endpoint"]),
        ("what a device runs, can and has been given, from short lists that many devices share",
        [
            "os.version", "tailscale.distro.name", "tailscale.distro.codename", "tailscale.client_version", "tailscale.tag", "tailscale.tags",
            "tailscale.authorized", "tailscale.external", "tailscale.exit_node.enabled", "tailscale.exit_node.state", "tailscale.connectivity.capability",
            "tailscale.derp.region", "tailscale.derp.preferred", "tailscale.device.age", "tailscale.device.key_expires_in",
            "os", "os_version", "ts_version", "auto_update", "encrypted", "track",
            "tailscale.device_invite.accepted", "tailscale.device_invite.allow_exit_node", "tailscale.device_invite.multi_use",
            "tailscale.device_invite.delivery", "tailscale.device_invite.age",
        ]),
        ("a digest over the whole record with its time and counters, so that a guess at one value cannot be checked by it",
            [LogAttributes.Uid.Text]),
        ("kinds of traffic, protocols and ports: what was spoken, not who spoke",
        [
            LogAttributes.NetworkTransport.Text, LogAttributes.NetworkType.Text, LogAttributes.TrafficType.Text, "network.io.direction",
            LogAttributes.SourcePort.Text, LogAttributes.DestinationPort.Text, LogAttributes.DstService.Text,
            LogAttributes.Path.Text, LogAttributes.DerpRegionId.Text,
        ]),
        ("roles that administrators invent, and operating systems: shared by many nodes",
        [
            LogAttributes.SrcTags.Text, LogAttributes.DstTags.Text, LogAttributes.ActorTags.Text, LogAttributes.SrcOs.Text, LogAttributes.DstOs.Text,
            LogAttributes.WebhookOldRoles.Text, LogAttributes.WebhookNewRoles.Text,
        ]),
        ("times and counters",
        [
            LogAttributes.WindowStart.Text, LogAttributes.WindowEnd.Text, LogAttributes.TxBytes.Text, LogAttributes.RxBytes.Text,
            LogAttributes.TxPackets.Text, LogAttributes.RxPackets.Text, LogAttributes.Connections.Text, LogAttributes.AuditDeferredAt.Text,
            LogAttributes.WebhookKeyExpiration.Text,
        ]),
        ("yes or no, and what kind of change it was, from a closed list", [LogAttributes.TargetEphemeral.Text, "tailscale.audit.change"]),
        ("the daemon's program and system; the operator writes the first four",
        [
            "service.name", "service.namespace", "deployment.environment.name", "service.instance.id", "service.version", "telemetry.sdk.name",
            "telemetry.sdk.language", "telemetry.sdk.version", "os.type", "os.description", "process.pid", "process.executable.name",
            "process.runtime.name", "process.runtime.version",
        ]),
    ];

    static readonly FrozenSet<string> Keys = Groups.SelectMany(g => g.Keys).ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string key) => Keys.Contains(key);
}
