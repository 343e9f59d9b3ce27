using System.Text.Json;

namespace Tailscale2Otel.Tests.Support;

sealed record HecResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The member <c>code</c> of the answer; -1 when it has none.</summary>
    public int Code => Member("code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : -1;

    public string Text => Member("text")?.GetString() ?? "";

    public int? EventNumber => Member("invalid-event-number")?.GetInt32();

    public long? AckId => Member("ackId")?.GetInt64();

    JsonElement? Member(string name)
    {
        if (Body.Length == 0 || Body[0] != '{')
            return null;
        using var json = JsonDocument.Parse(Body);
        return json.RootElement.TryGetProperty(name, out var value) ? value.Clone() : null;
    }
}
