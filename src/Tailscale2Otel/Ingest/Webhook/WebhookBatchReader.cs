using System.Text.Json;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>Finds the events of a delivery: the elements of one JSON array, whatever they are.</summary>
static class WebhookBatchReader
{
    /// <summary>Far above what Tailscale sends in one delivery, and a bound for what a small body can ask of the spool.</summary>
    public const int MaxEvents = 10_000;

    const int MaxDepth = 64;

    /// <summary>Does not throw.</summary>
    /// <param name="events">Gets where each element is in the body; empty unless the body is read.</param>
    public static WebhookShape Read(ReadOnlySpan<byte> body, List<Range> events)
    {
        var shape = WebhookShape.NotJson;
        try
        {
            shape = ReadArray(body, events);
        }
        catch (JsonException)
        {
            // Said by the result.
        }

        if (shape != WebhookShape.Array)
            events.Clear();
        return shape;
    }

    static WebhookShape ReadArray(ReadOnlySpan<byte> body, List<Range> events)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        if (!isArray)
            reader.Skip();
        while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == MaxEvents)
                return WebhookShape.TooManyEvents;

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            events.Add(start..(int)reader.BytesConsumed);
        }

        // Whatever follows the value makes the reader throw.
        reader.Read();
        return isArray ? WebhookShape.Array : WebhookShape.NotArray;
    }
}
