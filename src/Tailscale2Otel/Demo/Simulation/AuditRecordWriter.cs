using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Writes configuration audit records as the stream carries them: without <c>eventTime</c> and <c>type</c>.</summary>
sealed class AuditRecordWriter(SimulatedNode[] nodes, SimulatedUser[] users, Random random)
{
    readonly string _botId = $"k{random.Next(1000, 9999)}botCNTRL";
    int _count;
    string _group = "";

    /// <param name="recorded">Unix nanoseconds.</param>
    public void Write(Utf8JsonWriter json, long recorded)
    {
        var scenario = AuditScenarios.All[_count++ % AuditScenarios.All.Length];
        var node = nodes[random.Next(nodes.Length)];
        var user = users[random.Next(users.Length)];
        // Now and then one operation yields two records of one group.
        if (_group.Length == 0 || random.Next(8) > 0)
            _group = Convert.ToHexStringLower(Bytes(16));

        json.WriteStartObject();
        json.WriteString("eventGroupID", _group);
        json.WriteString("origin", scenario.Origin);
        WriteActor(json, scenario, node, user);
        WriteTarget(json, scenario, Fill);
        json.WriteString("action", scenario.Action);
        WriteRaw(json, "old", scenario.Old, Fill);
        WriteRaw(json, "new", scenario.New, Fill);
        WriteText(json, "actionDetails", scenario.Details);
        WriteText(json, "error", scenario.Error);
        json.WriteEndObject();

        string Fill(string text) => text
            .Replace("{nodeId}", node.Id, StringComparison.Ordinal)
            .Replace("{node}", node.Name, StringComparison.Ordinal)
            .Replace("{userId}", user.Id, StringComparison.Ordinal)
            .Replace("{user}", user.Login, StringComparison.Ordinal)
            .Replace("{v4}", node.IPv4.ToString(), StringComparison.Ordinal)
            .Replace("{v6}", node.IPv6.ToString(), StringComparison.Ordinal)
            .Replace("{time}", GoTime.Format(recorded + 15_552_000_000_000_000), StringComparison.Ordinal)
            .Replace("{n}", _count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    void WriteActor(Utf8JsonWriter json, AuditScenario scenario, SimulatedNode node, SimulatedUser user)
    {
        var (id, login, name) = scenario.ActorType switch
        {
            "USER" => (user.Id, user.Login, user.DisplayName),
            "NODE" => (node.Id, "", node.Name.Split('.')[0]),
            "OAUTH_CLIENT" => (_botId, "", ""),
            _ => ("", "", ""),
        };
        string[] tags = scenario.ActorType switch
        {
            "NODE" => node.Tags,
            "OAUTH_CLIENT" => ["tag:ci"],
            _ => [],
        };
        json.WriteStartObject("actor");
        json.WriteString("id", id);
        json.WriteString("type", scenario.ActorType);
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

    static void WriteTarget(Utf8JsonWriter json, AuditScenario scenario, Func<string, string> fill)
    {
        json.WriteStartObject("target");
        json.WriteString("id", fill(scenario.TargetId));
        json.WriteString("name", fill(scenario.TargetName));
        json.WriteString("type", scenario.TargetType);
        if (scenario.IsEphemeral is { } ephemeral)
            json.WriteBoolean("isEphemeral", ephemeral);
        if (scenario.Property.Length > 0)
            json.WriteString("property", scenario.Property);
        json.WriteEndObject();
    }

    static void WriteRaw(Utf8JsonWriter json, string name, string? value, Func<string, string> fill)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(fill(value));
    }

    static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
