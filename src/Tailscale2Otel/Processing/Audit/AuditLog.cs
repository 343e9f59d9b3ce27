using System.Text;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>The <c>tailscale.config.audit</c> log record (docs/signals.md): values as the record spells them.</summary>
static class AuditLog
{
    const int UidLength = 32;

    public static void Write(LogWriter logs, in RawRecord record, in AuditRecord audit, AuditTime time, in ContentKey key, ContentKey? change = null)
    {
        Span<byte> uid = stackalloc byte[UidLength];
        key.WriteHex(uid);
        var severity = audit.Error.IsEmpty ? LogSeverity.Info : LogSeverity.Warn;
        LogRecordOpening.Begin(logs, record, new LogHeader(record.Position, LogAttributes.AuditEvent, severity, time.Event, time.ObservedAt), uid);
        WriteBody(logs, audit);
        WriteWhat(logs, audit);
        WriteWho(logs, audit);
        WriteTarget(logs, audit);
        if (change is { } shared)
        {
            shared.WriteHex(uid);
            logs.Add(LogAttributes.ChangeId, uid);
        }

        logs.End();
    }

    /// <summary><c>ACTION on TYPE[.PROPERTY] via ORIGIN</c>, without the parts that are absent.</summary>
    static void WriteBody(LogWriter logs, in AuditRecord audit)
    {
        using var body = new PooledBytes();
        body.Write(audit.Action);
        if (!audit.TargetType.IsEmpty)
        {
            body.Write(" on "u8);
            body.Write(audit.TargetType);
            if (!audit.TargetProperty.IsEmpty)
            {
                body.Write((byte)'.');
                body.Write(audit.TargetProperty);
            }
        }

        if (!audit.Origin.IsEmpty)
        {
            body.Write(" via "u8);
            body.Write(audit.Origin);
        }

        logs.Body(body.Written);
    }

    static void WriteWhat(LogWriter logs, in AuditRecord audit)
    {
        logs.Add(LogAttributes.AuditAction, audit.Action);
        logs.Add(LogAttributes.AuditOrigin, audit.Origin);
        logs.Add(LogAttributes.AuditEventGroupId, audit.EventGroupId);

        // Only the API says the type, and it is always this one.
        logs.Add(LogAttributes.AuditType, audit.Type.IsEmpty ? "CONFIG"u8 : audit.Type);
        WriteValue(logs, LogAttributes.AuditOld, audit.Old);
        WriteValue(logs, LogAttributes.AuditNew, audit.New);
        logs.Add(LogAttributes.AuditDetails, audit.Details);
        logs.Add(LogAttributes.ErrorMessage, audit.Error);
        if (audit.DeferredAt <= 0)
            return;

        Span<byte> deferredAt = stackalloc byte[EventTime.MaxTextLength];
        logs.Add(LogAttributes.AuditDeferredAt, deferredAt[..EventTime.Format(audit.DeferredAt, deferredAt)]);
    }

    static void WriteWho(LogWriter logs, in AuditRecord audit)
    {
        logs.Add(LogAttributes.UserId, audit.ActorId);
        logs.Add(LogAttributes.UserName, audit.ActorLogin);
        logs.Add(LogAttributes.UserFullName, audit.ActorName);
        logs.Add(LogAttributes.ActorType, audit.ActorType);
        if (!audit.ActorTags.IsEmpty)
            logs.Add(LogAttributes.ActorTags, Encoding.UTF8.GetBytes(string.Join(',', TagsOf(audit.ActorTags))));
    }

    static void WriteTarget(LogWriter logs, in AuditRecord audit)
    {
        logs.Add(LogAttributes.TargetId, audit.TargetId);
        logs.Add(LogAttributes.TargetName, audit.TargetName);
        logs.Add(LogAttributes.TargetType, audit.TargetType);
        logs.Add(LogAttributes.TargetProperty, audit.TargetProperty);
        if (audit.TargetIsEphemeral is { } isEphemeral)
            logs.Add(LogAttributes.TargetEphemeral, isEphemeral ? "true"u8 : "false"u8);
    }

    /// <summary>A JSON string as its text, anything else as compact JSON.</summary>
    static void WriteValue(LogWriter logs, Utf8Name key, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            return;

        using var text = new PooledBytes(json.Length);
        if (json[0] == '"')
            text.Advance(JsonText.Unescape(json[1..^1], text.Reserve(json.Length)));
        else
            CompactJson.Write(json, text);
        logs.Add(key, text.Written);
    }

    /// <summary>Trimmed, each once, sorted. A string in place of the array is one tag; what is not a string is none.</summary>
    static SortedSet<string> TagsOf(ReadOnlySpan<byte> json)
    {
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String || reader.CurrentDepth > 1)
                continue;

            var text = new byte[reader.ValueSpan.Length];
            var tag = Encoding.UTF8.GetString(text.AsSpan(0, JsonText.Unescape(reader.ValueSpan, text))).Trim();
            if (tag.Length > 0)
                tags.Add(tag);
        }

        return tags;
    }
}
