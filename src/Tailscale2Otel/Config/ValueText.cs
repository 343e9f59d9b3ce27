using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Writes single values as a configuration file would; secrets as <c>***</c>, passwords inside URLs likewise.</summary>
static class ValueText
{
    public const string Redacted = "***";

    static readonly ValueTextJson Relaxed = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string OfText(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        TimeSpan span => GoDuration.Format(span),
        Enum choice => OptionsSchema.SnakeCase(choice.ToString()),
        Secret secret => secret.IsEmpty ? "" : Redacted,
        string text => Printable.WithoutCredentials(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>As a double-quoted or plain YAML scalar that reads back as the same value.</summary>
    public static string OfYaml(object? value)
    {
        var text = OfText(value);
        return value is string or Secret ? Quote(text) : text;
    }

    /// <summary>JSON's quoting, which YAML reads too.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Relaxed.String);
}
