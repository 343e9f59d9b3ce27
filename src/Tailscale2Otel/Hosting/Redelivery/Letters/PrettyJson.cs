using System.Text;
using System.Text.Json;
using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary>JSON for a person: one member a line, indented, bounded, safe to print. Tokens stay as they were written.</summary>
static class PrettyJson
{
    const char Ellipsis = '…';

    /// <param name="json">One valid value.</param>
    /// <param name="most">Characters after which it is cut.</param>
    public static string Format(ReadOnlySpan<byte> json, int most)
    {
        var text = new StringBuilder("  ");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var isFirst = true;
        var isValue = false;
        while (reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (isEnd ? !isFirst : !isValue && text.Length > 2)
                text.Append(isEnd || isFirst ? "\n" : ",\n").Append(' ', 2 * (reader.CurrentDepth + 1));
            if (text.Length >= most)
                return text.Append(Ellipsis).ToString();

            isFirst = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            isValue = reader.TokenType == JsonTokenType.PropertyName;
            // A name's token ends behind the colon and the white space before it.
            Append(text, json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].TrimEnd(": \t\r\n"u8), most);
            if (isValue)
                text.Append(": ");
            if (text.Length >= most)
                return text.Append(Ellipsis).ToString();
        }

        return text.ToString();
    }

    static void Append(StringBuilder text, ReadOnlySpan<byte> token, int most) =>
        TerminalText.Append(text, Encoding.UTF8.GetString(token[..Math.Min(token.Length, Math.Max(0, most - text.Length))]));
}
