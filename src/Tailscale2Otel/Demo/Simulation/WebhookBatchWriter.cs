using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>
/// Writes deliveries as Tailscale's webhooks carry them: an array of one to three events of the documented types, one after the
/// other. The same seed and the same times give the same bytes. Not thread-safe.
/// </summary>
sealed class WebhookBatchWriter(SimulatedNode[] nodes, SimulatedUser[] users, int seed)
{
    const string Console = "https://login.tailscale.com/admin";

    static readonly WebhookScenario[] Scenarios =
    [
        new("nodeCreated", "Node {node} created", WebhookSubject.Node),
        new("nodeNeedsApproval", "Node {node} needs approval", WebhookSubject.Node),
        new("nodeApproved", "Node {node} approved", WebhookSubject.Node),
        new("policyUpdate", "Tailnet policy file updated", WebhookSubject.Policy),
        new("nodeKeyExpiringInOneDay", "Node key for {node} will expire in one day", WebhookSubject.NodeKey),
        new("userRoleUpdated", "User role updated for {user}", WebhookSubject.UserRole),
        new("userCreated", "User created", null),
        new("nodeKeyExpired", "Node key for {node} expired", WebhookSubject.NodeKey),
        new("exitNodeIPForwardingNotEnabled", "Exit node {node} does not have IP forwarding enabled", WebhookSubject.Node),
        new("userSuspended", "User suspended", null),
        new("nodeDeleted", "Node {node} deleted", WebhookSubject.Node),
        new("test", "This is a test event", null),
    ];

    readonly Random _random = new(seed);
    int _count;

    /// <summary>Appends one delivery; the number of its events.</summary>
    public int Write(IBufferWriter<byte> output, DateTimeOffset now)
    {
        var events = _random.Next(1, 4);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartArray();
        for (var i = 0; i < events; i++)
            WriteEvent(json, Scenarios[_count++ % Scenarios.Length], UnixTime.Nanoseconds(now) + _random.Next(100));
        json.WriteEndArray();
        return events;
    }

    void WriteEvent(Utf8JsonWriter json, WebhookScenario scenario, long time)
    {
        var node = nodes[_random.Next(nodes.Length)];
        var user = users[_random.Next(users.Length)];
        json.WriteStartObject();
        json.WriteString("timestamp", GoTime.Format(time));
        json.WriteNumber("version", 1);
        json.WriteString("type", scenario.Type);
        json.WriteString("tailnet", NodeFactory.Domain);
        json.WriteString("message", scenario.Message.Replace("{node}", node.Name, StringComparison.Ordinal).Replace("{user}", user.Login, StringComparison.Ordinal));
        json.WritePropertyName("data");
        if (scenario.Data is { } subject)
            WriteData(json, subject, node, user, time);
        else
            json.WriteNullValue();
        json.WriteEndObject();
    }

    static void WriteData(Utf8JsonWriter json, WebhookSubject subject, SimulatedNode node, SimulatedUser user, long time)
    {
        json.WriteStartObject();
        switch (subject)
        {
            case WebhookSubject.UserRole:
                WriteMembers(json, ("user", user.Login), ("url", Console + "/users"), ("actor", "ada@example.com"));
                WriteList(json, "oldRoles", "Member");
                WriteList(json, "newRoles", "Network admin");
                break;
            case WebhookSubject.Policy:
                WriteMembers(json, ("newPolicy", "{\"acls\": []}"), ("oldPolicy", "{}"), ("url", Console + "/acls"), ("actor", user.Login));
                break;
            default:
                WriteMembers(
                    json, ("nodeID", node.Id), ("deviceName", node.Name), ("managedBy", node.User?.Login ?? node.Tags[0]),
                    ("actor", subject == WebhookSubject.NodeKey ? "expiring-node-key-marker" : user.Login), ("url", $"{Console}/machines/{node.IPv4}"));
                if (subject == WebhookSubject.NodeKey)
                    json.WriteString("expiration", GoTime.Format(time + 86_400_000_000_000));
                break;
        }

        json.WriteEndObject();
    }

    static void WriteMembers(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> members)
    {
        foreach (var (name, value) in members)
            json.WriteString(name, value);
    }

    static void WriteList(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
