using System.Collections;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Writes values of options as JSON, secrets redacted.</summary>
static class ValueJson
{
    public static void Write(Utf8JsonWriter json, OptionKind kind, object? value)
    {
        switch (kind, value)
        {
            case (_, null):
                json.WriteNullValue();
                break;
            case (OptionKind.TextList or OptionKind.SecretList, IEnumerable items):
                WriteList(json, items);
                break;
            case (_, IReadOnlyDictionary<string, string> map):
                WriteMap(json, map.Select(m => (m.Key, ValueText.OfText(m.Value))));
                break;
            case (_, IReadOnlyDictionary<string, Secret> map):
                WriteMap(json, map.Select(m => (m.Key, ValueText.OfText(m.Value))));
                break;
            case (OptionKind.SectionList, IEnumerable items):
                WriteSections(json, items);
                break;
            case (_, bool flag):
                json.WriteBooleanValue(flag);
                break;
            case (OptionKind.Integer or OptionKind.Bytes or OptionKind.Number, _):
                json.WriteRawValue(ValueText.OfText(value));
                break;
            default:
                json.WriteStringValue(ValueText.OfText(value));
                break;
        }
    }

    static void WriteList(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (var item in items)
            json.WriteStringValue(ValueText.OfText(item));
        json.WriteEndArray();
    }

    static void WriteMap(Utf8JsonWriter json, IEnumerable<(string Name, string Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members.OrderBy(m => m.Name, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    static void WriteSections(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (var item in items.Cast<IConfigSection>())
            WriteSection(json, OptionsSchema.Describe(item, ""), item);
        json.WriteEndArray();
    }

    static void WriteSection(Utf8JsonWriter json, OptionsSection section, IConfigSection instance)
    {
        json.WriteStartObject();
        foreach (var key in section.Keys)
        {
            json.WritePropertyName(OptionsSchema.SnakeCase(key.Property.Name));
            Write(json, key.Kind, key.Property.GetValue(instance));
        }

        foreach (var part in section.Sections)
        {
            json.WritePropertyName(OptionsSchema.SnakeCase(part.Property!.Name));
            WriteSection(json, part, part.Of(instance));
        }

        json.WriteEndObject();
    }
}
