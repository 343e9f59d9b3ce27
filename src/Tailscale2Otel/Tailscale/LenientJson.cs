using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// Members of the API's objects as it happens to send them: null is absent, a number may be a text and the reverse, and what is of
/// another kind counts as absent. Nothing here throws.
/// </summary>
static class LenientJson
{
    /// <summary>Deeper answers are none of the API's.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    public static JsonElement? Member(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is no text that there can be, such as half a surrogate pair.
            return null;
        }
    }

    /// <summary>Empty when there is none.</summary>
    public static string Text(JsonElement parent, string name) => Member(parent, name) is { } value ? Text(value) : "";

    public static string Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            };
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Texts of a list, empty ones left out.</summary>
    public static IReadOnlyList<string> Texts(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(Text).Where(t => t.Length > 0)] : [];

    public static bool? Flag(JsonElement parent, string name) => Member(parent, name) is { } value ? Flag(value) : null;

    public static bool? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Text(value) switch
        {
            "1" => true,
            "0" => false,
            var text => bool.TryParse(text, out var flag) ? flag : null,
        },
    };

    /// <summary>A finite one.</summary>
    public static double? Number(JsonElement parent, string name) =>
        double.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A whole number; 0 when there is none.</summary>
    public static long Count(JsonElement parent, string name) =>
        long.TryParse(Text(parent, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : Number(parent, name) is { } number ? (long)Math.Clamp(number, long.MinValue, long.MaxValue)
        : 0;

    /// <summary>Null for an empty text and for Go's zero time, which both mean never.</summary>
    public static DateTimeOffset? Time(JsonElement parent, string name) => Time(Text(parent, name));

    public static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1 ? time : null;

    /// <summary>Members of an object with names that are texts; of doubles the last.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Members(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object } map)
            yield break;
        foreach (var member in map.EnumerateObject())
        {
            if (Name(member) is { Length: > 0 } name)
                yield return KeyValuePair.Create(name, member.Value);
        }
    }

    static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
