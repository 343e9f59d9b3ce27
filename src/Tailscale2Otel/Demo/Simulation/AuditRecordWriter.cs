using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Writes configuration audit records; <c>eventTime</c>, <c>type</c> and <c>deferredAt</c> are in the API's form only.</summary>
static class AuditRecordWriter
{
    /// <summary>A time that was never set, as Go writes it.</summary>
    const string NeverSet = "0001-01-01T00:00:00Z";

    public static void Write(Utf8JsonWriter json, SimulatedAudit audit, RecordForm form)
    {
        var scenario = audit.Scenario;
        json.WriteStartObject();
        if (form == RecordForm.Api)
        {
            json.WriteString("eventTime", GoTime.Format(audit.Recorded));
            json.WriteString("type", "CONFIG");
            json.WriteString("deferredAt", audit.DeferredAt is { } deferred ? GoTime.Format(deferred) : NeverSet);
        }

        json.WriteString("eventGroupID", audit.Group);
        json.WriteString("origin", scenario.Origin);
        WriteActor(json, audit);
        WriteTarget(json, audit);
        json.WriteString("action", scenario.Action);
        WriteRaw(json, "old", scenario.Old, audit);
        WriteRaw(json, "new", scenario.New, audit);
        WriteText(json, "actionDetails", scenario.Details);
        WriteText(json, "error", scenario.Error);
        json.WriteEndObject();
    }

    static string Fill(SimulatedAudit audit, string text) => text
        .Replace("{nodeId}", audit.Node.Id, StringComparison.Ordinal)
        .Replace("{node}", audit.Node.Name, StringComparison.Ordinal)
        .Replace("{userId}", audit.User.Id, StringComparison.Ordinal)
        .Replace("{user}", audit.User.Login, StringComparison.Ordinal)
        .Replace("{v4}", audit.Node.IPv4.ToString(), StringComparison.Ordinal)
        .Replace("{v6}", audit.Node.IPv6.ToString(), StringComparison.Ordinal)
        .Replace("{time}", GoTime.Format(audit.Recorded + 15_552_000_000_000_000), StringComparison.Ordinal)
        .Replace("{n}", audit.Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    static void WriteActor(Utf8JsonWriter json, SimulatedAudit audit)
    {
        var (node, user) = (audit.Node, audit.User);
        var (id, login, name) = audit.Scenario.ActorType switch
        {
            "USER" => (user.Id, user.Login, user.DisplayName),
            "NODE" => (node.Id, "", node.Name.Split('.')[0]),
            "OAUTH_CLIENT" => (audit.BotId, "", ""),
            _ => ("", "", ""),
        };
        string[] tags = audit.Scenario.ActorType switch
        {
            "NODE" => node.Tags,
            "OAUTH_CLIENT" => ["tag:ci"],
            _ => [],
        };
        json.WriteStartObject("actor");
        json.WriteString("id", id);
        json.WriteString("type", audit.Scenario.ActorType);
        json.WriteString("loginName", login);
        json.WriteString("displayName", name);
        if (tags.Length > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteTarget(Utf8JsonWriter json, SimulatedAudit audit)
    {
        var scenario = audit.Scenario;
        json.WriteStartObject("target");
        json.WriteString("id", Fill(audit, scenario.TargetId));
        json.WriteString("name", Fill(audit, scenario.TargetName));
        json.WriteString("type", scenario.TargetType);
        if (scenario.IsEphemeral is { } ephemeral)
            json.WriteBoolean("isEphemeral", ephemeral);
        if (scenario.Property.Length > 0)
            json.WriteString("property", scenario.Property);
        json.WriteEndObject();
    }

    static void WriteRaw(Utf8JsonWriter json, string name, string? value, SimulatedAudit audit)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(Fill(audit, value));
    }

    static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
