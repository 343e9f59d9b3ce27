using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tailscale2Otel.Config;

/// <summary>Shows the configuration in force with the origin of every value, secrets redacted; the same input gives the same text.</summary>
static class EffectiveConfig
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonWriterOptions Flow = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A YAML file that can be read back, apart from its secrets.</summary>
    public static string ToYaml(LoadedConfig config)
    {
        var text = new StringBuilder();
        var open = Array.Empty<string>();
        foreach (var value in InTreeOrder(config.Values))
        {
            var parts = value.Key.Split('.');
            var common = CommonSections(open, parts);
            for (var i = common; i < parts.Length - 1; i++)
                text.Append(' ', i * 2).Append(parts[i]).Append(":\n");
            open = parts[..^1];
            text.Append(' ', open.Length * 2).Append(parts[^1]).Append(": ").Append(Yaml(value.Kind, value.Value)).Append("  # ").Append(Printable.Value(value.Origin)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One member for each key: <c>{"value": …, "origin": …}</c>.</summary>
    public static string ToJson(LoadedConfig config) => Write(Indented, json =>
    {
        json.WriteStartObject();
        foreach (var value in InTreeOrder(config.Values))
        {
            json.WriteStartObject(value.Key);
            json.WritePropertyName("value");
            ValueJson.Write(json, value.Kind, value.Value);
            json.WriteString("origin", value.Origin);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>One line, whatever the value's shape.</summary>
    public static string Yaml(OptionKind kind, object? value) => kind switch
    {
        OptionKind.TextList or OptionKind.SecretList or OptionKind.TextMap or OptionKind.SecretMap or OptionKind.SectionList =>
            Write(Flow, json => ValueJson.Write(json, kind, value)),
        _ => ValueText.OfYaml(value),
    };

    static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Sections of one parent stand together, also where two options classes share it; a section's keys before its sub-sections.</summary>
    static IEnumerable<ConfigValue> InTreeOrder(IEnumerable<ConfigValue> values) =>
        values.OrderBy(v => Section(v.Key).Replace('.', '\0'), StringComparer.Ordinal);

    static string Section(string key) => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    static int CommonSections(string[] open, string[] parts)
    {
        var common = 0;
        while (common < open.Length && common < parts.Length - 1 && open[common] == parts[common])
            common++;
        return common;
    }
}
