using System.Text.Json;

namespace Tailscale2Otel.Processing;

/// <summary>The text of the JSON string that a reader stands on.</summary>
static class JsonText
{
    /// <summary>
    /// A slice of what the reader reads; a copy only where the text has escapes. A lone surrogate escape, which no UTF-8 text
    /// can hold, is left as it is written.
    /// </summary>
    public static ReadOnlySpan<byte> Of(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        try
        {
            var copy = new byte[reader.ValueSpan.Length];
            return copy.AsSpan(0, reader.CopyString(copy));
        }
        catch (InvalidOperationException)
        {
            return reader.ValueSpan;
        }
    }
}
