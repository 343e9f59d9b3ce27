using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>
/// The <c>tailscale.webhook.*</c> log record (docs/signals.md). Of <c>data</c> only the members leave that the list of
/// its type allows, and only of the documented version.
/// </summary>
static class WebhookLog
{
    const int UidLength = 32;

    /// <summary>Begins the record; the caller adds what else it knows and ends it.</summary>
    /// <param name="time">Unix nanoseconds.</param>
    public static void Begin(LogWriter logs, in RawRecord record, in WebhookEvent decoded, WebhookType type, long time, in ContentKey key)
    {
        Span<byte> uid = stackalloc byte[UidLength];
        key.WriteHex(uid);
        LogRecordOpening.Begin(logs, record, new LogHeader(record.Position, type.EventName, type.Severity, time, record.ReceivedAt), uid);
        if (record.Tailnet.Length == 0)
            logs.Add(LogAttributes.Tailnet, decoded.Tailnet);
        logs.Body(decoded.Message);
        logs.Mention(record.Payload);
        logs.Add(LogAttributes.WebhookType, decoded.Type);
    }

    public static void AddData(LogWriter logs, WebhookFields fields, in WebhookData data)
    {
        Add(logs, fields, WebhookFields.NodeId, LogAttributes.WebhookNodeId, data.NodeId);
        Add(logs, fields, WebhookFields.DeviceName, LogAttributes.WebhookDeviceName, data.DeviceName);
        Add(logs, fields, WebhookFields.ManagedBy, LogAttributes.WebhookManagedBy, data.ManagedBy);
        Add(logs, fields, WebhookFields.User, LogAttributes.WebhookUser, data.User);
        Add(logs, fields, WebhookFields.Actor, LogAttributes.WebhookActor, data.Actor);
        Add(logs, fields, WebhookFields.Url, LogAttributes.WebhookUrl, data.Url);
        Add(logs, fields, WebhookFields.Expiration, LogAttributes.WebhookKeyExpiration, data.Expiration);
        Add(logs, fields, WebhookFields.Roles, LogAttributes.WebhookOldRoles, data.OldRoles);
        Add(logs, fields, WebhookFields.Roles, LogAttributes.WebhookNewRoles, data.NewRoles);
    }

    static void Add(LogWriter logs, WebhookFields allowed, WebhookFields field, Utf8Name key, ReadOnlySpan<byte> value)
    {
        if (allowed.HasFlag(field))
            logs.Add(key, value);
    }
}
