using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>The recorded flow records in their forms.</summary>
static class FlowFixtures
{
    /// <summary>As the API and the object store hand them out.</summary>
    public static string[] Api { get; } =
        [.. JsonNode.Parse(Read("flow-api-response.json"))!["logs"]!.AsArray().Select(r => r!.ToJsonString(Relaxed))];

    /// <summary>Each with its envelope without the event, as the receiver stores them.</summary>
    public static (string Payload, string Metadata)[] Hec { get; } =
        [.. Read("flow-hec-ndjson.json").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TakeApart)];

    static JsonSerializerOptions Relaxed => new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static string Read(string name) => File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", name));

    static (string Payload, string Metadata) TakeApart(string line)
    {
        var envelope = JsonNode.Parse(line)!.AsObject();
        var payload = envelope["event"]!.ToJsonString(Relaxed);
        envelope.Remove("event");
        return (payload, envelope.ToJsonString(Relaxed));
    }
}
