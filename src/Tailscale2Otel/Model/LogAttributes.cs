namespace Tailscale2Otel.Model;

/// <summary>Every attribute key and event name of the log records; what each means is in docs/signals.md.</summary>
static class LogAttributes
{
    /// <summary>OpenTelemetry semantic conventions, general log attributes: the same record always has the same uid.</summary>
    public static readonly Utf8Name Uid = new("log.record.uid");
    public static readonly Utf8Name Tailnet = new("tailscale.tailnet");
    public static readonly Utf8Name Provider = new("tailscale2otel.provider");

    /// <summary>The path the record came by, the one attribute that may differ between two deliveries of one event.</summary>
    public static readonly Utf8Name Source = new("tailscale2otel.source");

    /// <summary>Only on what was sent again on an operator's request, which is not deduplicated.</summary>
    public static readonly Utf8Name Replayed = new("tailscale2otel.replayed");

    public static readonly Utf8Name FlowEvent = new("tailscale.network.flow");
    public static readonly Utf8Name AuditEvent = new("tailscale.config.audit");
    public static readonly Utf8Name StreamEvent = new("tailscale.stream.event");

    /// <summary>The pattern of the event names of webhooks: the event's type stands in place of the last part.</summary>
    public static readonly Utf8Name WebhookEvent = new("tailscale.webhook.<type>");

    public static readonly Utf8Name NetworkTransport = new("network.transport");
    public static readonly Utf8Name NetworkType = new("network.type");
    public static readonly Utf8Name TrafficType = new("tailscale.traffic_type");
    public static readonly Utf8Name SourceAddress = new("source.address");
    public static readonly Utf8Name SourcePort = new("source.port");
    public static readonly Utf8Name DestinationAddress = new("destination.address");
    public static readonly Utf8Name DestinationPort = new("destination.port");
    public static readonly Utf8Name SrcNode = new("tailscale.src.node");
    public static readonly Utf8Name DstNode = new("tailscale.dst.node");
    public static readonly Utf8Name DstService = new("tailscale.dst.service");
    public static readonly Utf8Name SrcUser = new("tailscale.src.user");
    public static readonly Utf8Name SrcTags = new("tailscale.src.tags");
    public static readonly Utf8Name SrcOs = new("tailscale.src.os");
    public static readonly Utf8Name DstUser = new("tailscale.dst.user");
    public static readonly Utf8Name DstTags = new("tailscale.dst.tags");
    public static readonly Utf8Name DstOs = new("tailscale.dst.os");
    public static readonly Utf8Name Path = new("tailscale.path");
    public static readonly Utf8Name DerpRegionId = new("tailscale.derp.region_id");
    public static readonly Utf8Name NodeId = new("tailscale.node.id");
    public static readonly Utf8Name NodeHostname = new("tailscale.node.hostname");
    public static readonly Utf8Name WindowStart = new("tailscale.flow.window.start");
    public static readonly Utf8Name WindowEnd = new("tailscale.flow.window.end");
    public static readonly Utf8Name TxBytes = new("tailscale.tx.bytes");
    public static readonly Utf8Name RxBytes = new("tailscale.rx.bytes");
    public static readonly Utf8Name TxPackets = new("tailscale.tx.packets");
    public static readonly Utf8Name RxPackets = new("tailscale.rx.packets");
    public static readonly Utf8Name Connections = new("tailscale.connections");
    public static readonly Utf8Name ReporterTrust = new("tailscale.reporter.trust");
    public static readonly Utf8Name ReporterConsistency = new("tailscale.reporter.consistency");

    public static readonly Utf8Name AuditAction = new("tailscale.audit.action");
    public static readonly Utf8Name AuditOrigin = new("tailscale.audit.origin");
    public static readonly Utf8Name AuditEventGroupId = new("tailscale.audit.event_group_id");
    public static readonly Utf8Name AuditType = new("tailscale.audit.type");
    public static readonly Utf8Name AuditOld = new("tailscale.audit.old");
    public static readonly Utf8Name AuditNew = new("tailscale.audit.new");
    public static readonly Utf8Name AuditDetails = new("tailscale.audit.details");
    public static readonly Utf8Name AuditDeferredAt = new("tailscale.audit.deferred_at");
    public static readonly Utf8Name UserId = new("user.id");
    public static readonly Utf8Name UserName = new("user.name");
    public static readonly Utf8Name UserFullName = new("user.full_name");
    public static readonly Utf8Name ActorType = new("tailscale.actor.type");
    public static readonly Utf8Name ActorTags = new("tailscale.actor.tags");
    public static readonly Utf8Name TargetId = new("tailscale.target.id");
    public static readonly Utf8Name TargetName = new("tailscale.target.name");
    public static readonly Utf8Name TargetType = new("tailscale.target.type");
    public static readonly Utf8Name TargetProperty = new("tailscale.target.property");
    public static readonly Utf8Name TargetEphemeral = new("tailscale.target.ephemeral");
    public static readonly Utf8Name ErrorMessage = new("error.message");

    public static readonly Utf8Name WebhookType = new("tailscale.webhook.type");
    public static readonly Utf8Name WebhookNodeId = new("tailscale.webhook.node.id");
    public static readonly Utf8Name WebhookDeviceName = new("tailscale.webhook.node.device.name");
    public static readonly Utf8Name WebhookManagedBy = new("tailscale.webhook.node.managed_by");
    public static readonly Utf8Name WebhookActor = new("tailscale.webhook.actor");
    public static readonly Utf8Name WebhookUrl = new("tailscale.webhook.url");
    public static readonly Utf8Name WebhookKeyExpiration = new("tailscale.webhook.key.expiration");
    public static readonly Utf8Name WebhookUser = new("tailscale.webhook.user");
    public static readonly Utf8Name WebhookOldRoles = new("tailscale.webhook.old_roles");
    public static readonly Utf8Name WebhookNewRoles = new("tailscale.webhook.new_roles");

    /// <summary>Only on an event that came so late that nobody can tell whether it was delivered before.</summary>
    public static readonly Utf8Name Repeat = new("tailscale2otel.repeat");

    /// <summary>Only with <c>webhook.dedup_audit_events</c>: the same on a webhook event and an audit record of one change.</summary>
    public static readonly Utf8Name ChangeId = new("tailscale2otel.change.id");

    public static readonly Utf8Name HostName = new("host.name");
    public static readonly Utf8Name SplunkSource = new("com.splunk.source");
    public static readonly Utf8Name SplunkSourcetype = new("com.splunk.sourcetype");
    public static readonly Utf8Name SplunkIndex = new("com.splunk.index");
}
